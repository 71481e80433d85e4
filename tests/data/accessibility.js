// What axe finds on the page, in words. Where it cannot tell a text's contrast, because of a gradient or of something that is
// drawn before or after the text, the colours of the text and of what is behind it are compared here.
const done = arguments[arguments.length - 1];

const parts = (colour) => {
  const [red, green, blue, alpha] = (colour.match(/[\d.]+/g) || []).map(Number);
  return [red, green, blue, alpha === undefined ? 1 : alpha];
};

const over = ([red, green, blue, alpha], [backRed, backGreen, backBlue]) =>
  [[red, backRed], [green, backGreen], [blue, backBlue]].map(([front, back]) => front * alpha + back * (1 - alpha));

// The element's own colour, and that of what is drawn over it and below its text.
const drawn = (element) => [null, '::before', '::after'].map((part) => getComputedStyle(element, part))
  .filter((style, part) => part === 0 || style.content !== 'none')
  .map((style) => parts(style.backgroundColor));

const behind = (element) => {
  const layers = [];
  for (let here = element; here; here = here.parentElement) {
    layers.unshift(...drawn(here).filter(([, , , alpha]) => alpha > 0));
    if (layers.some(([, , , alpha]) => alpha === 1)) break;
  }
  return layers.reduce((back, layer) => over(layer, back), [255, 255, 255]);
};

const luminance = (colour) => {
  const [red, green, blue] = colour.map((part) => part / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (element) => {
  const back = behind(element);
  const [dark, light] = [luminance(over(parts(getComputedStyle(element).color), back)), luminance(back)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

// WCAG 2.2, 1.4.3: 4.5, or 3 for text that is large. What cannot be used counts for nothing.
const lacksContrast = ({ target }) => {
  const element = document.querySelector(target[target.length - 1]);
  if (!element || element.closest(':disabled, [aria-disabled=true], [hidden]')) return false;
  const { fontSize, fontWeight } = getComputedStyle(element);
  const large = parseFloat(fontSize) >= 24 || (parseFloat(fontSize) >= 18.66 && Number(fontWeight) >= 700);
  return contrast(element) < (large ? 3 : 4.5);
};

const words = (fault) => fault.id + ': ' + fault.nodes.slice(0, 4)
  .map((node) => node.html.slice(0, 200) + ' (' + node.any.concat(node.all, node.none).map((check) => check.message)[0] + ')')
  .join(' | ');

axe.run(document, { resultTypes: ['violations', 'incomplete'] })
  .then(({ violations, incomplete }) => {
    const doubts = incomplete.filter((fault) => fault.id === 'color-contrast')
      .map((fault) => ({ ...fault, nodes: fault.nodes.filter(lacksContrast) }))
      .filter((fault) => fault.nodes.length > 0);
    done(violations.concat(doubts).map(words));
  })
  .catch((error) => done(['it cannot be looked at: ' + error]));
