// What a person does in a browser, for tests: `sign-in ADDRESS` or `sign-out ISSUER`, as the person in PERSON, with the
// cookies in the file COOKIES.
import { readFileSync, writeFileSync } from "node:fs";

const [what, address] = process.argv.slice(2);
const { PERSON, COOKIES } = process.env;
const jar = new Map();
try {
  for (const [name, value] of JSON.parse(readFileSync(COOKIES, "utf8"))) jar.set(name, value);
} catch {
  // Nobody has signed in yet.
}

async function go(url, form) {
  for (let step = 0; step < 20; step += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      method: form ? "POST" : "GET",
      body: form && new URLSearchParams(form),
      headers: { cookie },
      redirect: "manual",
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    const to = response.headers.get("location");
    if (!to) return { url, text: await response.text() };
    [url, form] = [new URL(to, url).href, undefined];
  }
  throw new Error("it leads nowhere");
}

const field = (text, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1];
const target = (page) => new URL(/action="([^"]*)"/.exec(page.text)[1], page.url).href;

if (what === "sign-in") {
  let page = await go(address);
  for (let step = 0; step < 5 && /name="prompt"/.test(page.text); step += 1) {
    const prompt = field(page.text, "prompt");
    const form = prompt === "login" ? { prompt, login: PERSON, password: "any" } : { prompt };
    page = await go(target(page), form);
  }
  console.log(page.text);
} else {
  const page = await go(`${address}/session/end`);
  await go(target(page), { xsrf: field(page.text, "xsrf"), logout: "yes" });
}
writeFileSync(COOKIES, JSON.stringify([...jar]));
