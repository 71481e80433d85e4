// An identity provider with a handful of people, for tests. Prints its address, reads the address of the server that
// signs people in with it, and serves until its input ends. CLOCK moves its clock by so many seconds. LIE is what is wrong
// with it: "late" never answers for a token, "another-client" gives a token that it made for somebody else's program.
import { createServer } from "node:http";
import { createInterface } from "node:readline";

const ahead = Number(process.env.CLOCK ?? 0) * 1000;
if (ahead) {
  const now = Date.now;
  Date.now = () => now() + ahead;
}
const { Provider } = await import("oidc-provider");
const { SignJWT, decodeJwt, exportJWK, generateKeyPair } = await import("jose");
const key = await generateKeyPair("RS256", { extractable: true });
const jwk = { ...(await exportJWK(key.privateKey)), kid: "key", alg: "RS256", use: "sig" };

// The same token, for another program, rightly signed.
function forAnotherClient(token) {
  const claims = { ...decodeJwt(token), aud: "payroll" };
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "key" }).sign(key.privateKey);
}

const PEOPLE = {
  mia: { email: "mia@example.test", email_verified: true, name: "Mia Moor", groups: ["shop", "everybody"] },
  anna: { email: "anna@example.test", email_verified: true, name: "Anna", groups: [] },
  nobody: { email: "nobody@example.test", email_verified: false, name: "No Body", groups: ["shop"] },
  many: { email: "many@example.test", email_verified: true, name: "Many", groups: Array(1_000_000).fill("a group") },
};

let provider;
const server = createServer((request, response) => {
  if (provider) {
    provider(request, response);
  } else {
    response.writeHead(503).end();
  }
});
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  console.log(issuer);
  const input = createInterface({ input: process.stdin });
  input.on("line", (baton) => {
    provider = serve(issuer, baton);
    console.log("ready");
  });
  input.on("close", () => process.exit(0));
});

function serve(issuer, baton) {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "baton",
        client_secret: "a secret of two",
        application_type: "native",
        redirect_uris: ["http://127.0.0.1/"],
        backchannel_logout_uri: `${baton}/providers/company/sign-out`,
        backchannel_logout_session_required: true,
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
    scopes: ["openid", "email", "profile", "groups"],
    features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
    // By itself it talks to no loopback address.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    pkce: { required: () => true },
    jwks: { keys: [jwk] },
    cookies: { keys: ["a key of a test"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }),
  });
  provider.use(async (context, next) => {
    const isToken = context.path === "/token";
    if (isToken && process.env.LIE === "late") {
      await new Promise(() => {});
    }
    await next();
    if (isToken && process.env.LIE === "another-client" && context.body?.id_token) {
      context.body.id_token = await forAnotherClient(context.body.id_token);
    }
  });
  return provider.callback();
}
