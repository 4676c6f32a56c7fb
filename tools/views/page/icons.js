// The symbols: lines on a field of 16 by 16. And what makes elements of anything: text from the
// graph becomes text of the page, never markup.

const ICONS = {
  // Verdicts.
  restart: 'M13 8a5 5 0 1 1-1.6-3.7L13 5.5M13 2.2v3.3H9.7',
  stop: 'M4.5 4.5h7v7h-7z',
  stop_parents: 'M5.5 6.3h5v3.4h-5zM5.3 3.8 8 1.4l2.7 2.4M5.3 12.2 8 14.6l2.7-2.4',
  shutdown: 'M8 1.8v6M4.6 3.9a5.4 5.4 0 1 0 6.8 0',
  spin_halt: 'M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5zM5 8h6',
  handler: 'M6.3 2.5c-2.2 0-1.8 1.2-1.8 2.7S4.3 8 2.8 8c1.5 0 1.7 1.3 1.7 2.8s-.4 2.7 1.8 2.7M9.7 2.5c2.2 0 1.8 1.2 1.8 2.7S11.7 8 13.2 8c-1.5 0-1.7 1.3-1.7 2.8s.4 2.7-1.8 2.7',
  // States.
  waiting: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  starting: 'M5.2 3.2 12.5 8l-7.3 4.8z',
  ready: 'M3 8.5 6.5 12 13 4.5',
  deciding: 'M5.4 5.8a2.6 2.6 0 1 1 3.7 2.3C8.3 8.5 8 9 8 9.9M8 12.9h.01',
  stopping: 'M8 2.5v7M4.8 6.6 8 9.8l3.2-3.2M4 13.3h8',
  backing_off: 'M4.5 2h7M4.5 14h7M5.2 2c0 4.3 5.6 7.7 5.6 12M10.8 2c0 4.3-5.6 7.7-5.6 12',
  completed: 'M4.5 14V2.6h7.2l-1.9 3 1.9 3H4.5',
  stopped: 'M8 2.5a5.5 5.5 0 1 0 .01 0M5.5 8h5',
  failed: 'M4 4l8 8M12 4l-8 8',
  abandoned: 'M8 2.2 14.5 13.4h-13zM8 6.5v3M8 11.5h.01',
  absent: 'M8 8h.01',
  // What happens to a node by a verdict at another.
  down: 'M8 3v9.5M4 8.7 8 12.5l4-3.8',
  // Buttons.
  search: 'M7 2.5a4.5 4.5 0 1 0 .01 0M10.3 10.3 13.8 13.8',
  theme: 'M8 2.5a5.5 5.5 0 1 0 .01 0M8 2.5v11M10 3.5v9M12 5.5v5',
  help: 'M5.4 5.4a2.6 2.6 0 1 1 3.7 2.4C8.3 8.2 8 8.8 8 9.7M8 12.8h.01',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  first: 'M4 3.5v9M12.5 3.5 6 8l6.5 4.5z',
  back: 'M11 3.5 4.5 8l6.5 4.5z',
  forth: 'M5 3.5 11.5 8 5 12.5z',
  play: 'M5 3.2 12.5 8 5 12.8z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  pin: 'M5.5 2.5h5l-.8 4.2 2.3 2.3H4l2.3-2.3zM8 9v5',
  fold: 'M4.5 2.5 8 6l3.5-3.5M4.5 13.5 8 10l3.5 3.5',
};

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, attributes, contents) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(key, value);
  }
  element.append(...contents.filter((content) => content !== null));
  return element;
}

// An element of the page: make('p', {class: 'quiet'}, 'text', element, ...). A null is left out.
function make(tag, attributes = {}, ...contents) {
  return fill(document.createElement(tag), attributes, contents);
}

// An element of a drawing.
function draw(tag, attributes = {}, ...contents) {
  return fill(document.createElementNS(SVG, tag), attributes, contents);
}

// A symbol as an element of the page.
function icon(name) {
  return draw('svg', {class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true'},
              draw('path', {d: ICONS[name]}));
}

// The symbol of a verdict or state on its color.
function swatch(name) {
  return make('span', {class: 'swatch is-' + name}, icon(name));
}

// Gives the symbols that the page itself uses, and the hatching, a place.
function installIcons() {
  const icons = document.getElementById('icons');
  for (const name of Object.keys(ICONS)) {
    icons.append(draw('symbol', {id: 'i-' + name, viewBox: '0 0 16 16'},
                      draw('path', {d: ICONS[name]})));
  }
  icons.append(draw('pattern', {id: 'hatch', width: 8, height: 8, patternUnits: 'userSpaceOnUse',
                                patternTransform: 'rotate(45)'},
                    draw('path', {d: 'M0 0v8'})));
}
