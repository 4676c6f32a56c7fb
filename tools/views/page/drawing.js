// The drawing itself: what of the graph is in sight.
//
// Edges are painted on a canvas. Near, each node is a card of several elements over it. Where more
// nodes are in sight than one could read anyway, they are painted, too, and only landmarks have
// names: thousands stay quick. What belongs to the selected node is painted on a second canvas, over
// the first, which grows pale. On paper all of it is SVG.
//
// What all of it looks like is in page.css, the painted as well.

const NEAR = 500;    // so many cards at most, but for the one that is selected
const MARGIN = 0.3;  // of the stage: what is drawn around what is in sight
const BLOCK = 30;    // width of a card's colored block
const LANDMARK_WIDTH = 170, LANDMARK_HEIGHT = 54;  // on the screen: one name in each field

// What the drawing shows beside the graph. Sets of nodes, but for the first three and the last.
const PLAIN_LOOK = {
  selected: null,      // a node
  pinned: false,       // the selected one
  active: null,        // the node at which the keyboard is
  ancestors: new Set(),
  descendants: new Set(),
  down: new Set(),     // what a verdict at the selected node takes down ...
  restart: new Set(),  // ... or restarts
  hits: new Set(),     // of the search
  hiddenBy: new Map(), // hidden node -> the collapsed node that hides it
  collapsed: new Set(),
};

class Drawing {
  // state(node): the state's name and incarnation of a replay, or null.
  constructor(data, graph, state) {
    Object.assign(this, {data, graph, state, look: PLAIN_LOOK});
    this.nodesGroup = document.getElementById('nodes');
    this.paper = document.getElementById('paper');
    this.probes = document.getElementById('probes');
    this.plainCanvas = document.getElementById('plain');
    this.relatedCanvas = document.getElementById('related');
    this.styles = new Map();  // of what is painted
    this.shownEdges = [];
    this.isPaper = false;
    this.drawing = document.getElementById('drawing');
    this.boxes = data.nodes.map(({x, y, w, h}) => (
        {left: x - w / 2, top: y - h / 2, right: x + w / 2, bottom: y + h / 2}));
    this.bounds = {left: 0, top: 0, right: data.width, bottom: data.height};
    this.edges = data.edges.map(([from, to, soft, ...points]) => Drawing.edge(from, to, soft, points));
    this.cards = new Map();  // of the nodes that are drawn near: {element, key}
    this.byDegree = null;
    this.ruler = document.createElement('canvas').getContext('2d');
    this.labels = new Map();
  }

  // The names of the symbols of verdicts and states are those of CSS classes, too.
  static className(words) { return words.replaceAll(' ', '_'); }

  static edge(from, to, soft, points) {
    const x = points.filter((_, i) => i % 2 === 0), y = points.filter((_, i) => i % 2 === 1);
    return {
      from, to, soft, x, y,
      head: `M${x.at(-1)} ${y.at(-1)}l-4.2 -8.5q4.2 2.4 8.4 0z`,
      left: Math.min(...x), right: Math.max(...x), top: y[0], bottom: y.at(-1),
    };
  }

  // The line of an edge as far as it is in sight: of one that is very long, the browser would
  // otherwise work out every dash.
  static line({x, y}, sight) {
    let line = '';
    let isOn = false;  // the line ends where the next part begins
    for (let i = 1; i < x.length; ++i) {
      const x0 = x[i - 1], y0 = y[i - 1], x1 = x[i], y1 = y[i];
      if (Math.max(x0, x1) < sight.left || Math.min(x0, x1) > sight.right || y1 < sight.top || y0 > sight.bottom) {
        isOn = false;
        continue;
      }
      const middle = (y0 + y1) / 2;
      if (Math.abs(x1 - x0) > 2 * (sight.right - sight.left)) {
        line += Drawing.clipped([x0, y0, x0, middle, x1, middle, x1, y1], sight);
        isOn = false;
        continue;
      }
      if (!isOn) line += `M${x0} ${y0}`;
      isOn = true;
      // Vertical at each point: smooth, and clear of the boxes between which the layout led it.
      line += x0 === x1 ? `V${y1}` : `C${x0} ${middle} ${x1} ${middle} ${x1} ${y1}`;
    }
    return line;
  }

  // The part of a curve that is between left and right of `sight`. It goes one way.
  static clipped(curve, {left, right}) {
    const at = (wanted) => {  // how far along it x is as wanted
      let low = 0, high = 1;
      for (let i = 0; i < 30; ++i) {
        const t = (low + high) / 2;
        const x = curve[0] + (curve[6] - curve[0]) * t * t * (3 - 2 * t);
        if (x < wanted === curve[0] < curve[6]) low = t;
        else high = t;
      }
      return low;
    };
    // By de Casteljau: the points of the part before, and of the part after.
    const split = (c, t) => {
      const mix = (a, b) => a.map((value, i) => value + (b[i] - value) * t);
      const [p, q, r, s] = [c.slice(0, 2), c.slice(2, 4), c.slice(4, 6), c.slice(6, 8)];
      const pq = mix(p, q), qr = mix(q, r), rs = mix(r, s);
      const pqr = mix(pq, qr), qrs = mix(qr, rs), middle = mix(pqr, qrs);
      return [[...p, ...pq, ...pqr, ...middle], [...middle, ...qrs, ...rs, ...s]];
    };
    const [from, to] = [at(left), at(right)].sort((a, b) => a - b);
    if (from === to) return '';
    const [head] = split(curve, to);
    const [, [x, y, ...rest]] = split(head, from / to);
    return `M${x} ${y}C${rest.join(' ')}`;
  }

  // The node at that point of the graph, or null. `slack`: how near is near enough.
  nodeAt({x, y}, slack = 0) {
    for (let n = this.boxes.length - 1; n >= 0; --n) {
      const box = this.boxes[n];
      if (x >= box.left - slack && x <= box.right + slack && y >= box.top - slack &&
          y <= box.bottom + slack && !this.look.hiddenBy.has(n)) {
        return n;
      }
    }
    return null;
  }

  // Draws what `camera` sees, and some around it; if `isPaper`, everything.
  render(camera, isPaper = false) {
    this.camera = camera;
    this.isPaper = isPaper;
    this.scale = camera.k;
    this.sight = isPaper ? this.bounds : camera.sight(MARGIN);
    this.inSight = [];
    for (let n = 0; n < this.boxes.length; ++n) {
      if (!this.look.hiddenBy.has(n) && Drawing.meet(this.boxes[n], this.sight)) this.inSight.push(n);
    }
    this.isFar = !isPaper && this.inSight.length > NEAR;
    this.drawing.classList.toggle('far', this.isFar);
    this.shownEdges = this.visibleEdges().filter(([edge]) => Drawing.meet(edge, this.sight));
    this.paintPlain();
    this.paint();
  }

  static meet(a, b) {
    return a.left <= b.right && a.right >= b.left && a.top <= b.bottom && a.bottom >= b.top;
  }

  // Draws what is in sight as `look` is now.
  paint() {
    const look = this.look;
    document.getElementById('stage').classList.toggle('has-selection', look.selected !== null);
    this.paintRelated();
    const near = new Set(this.isFar ? [] : this.inSight);
    for (const node of [look.active, look.selected]) {
      if (node !== null && !look.hiddenBy.has(node)) near.add(node);
    }
    for (const [node, card] of this.cards) {
      if (near.has(node)) continue;
      card.element.remove();
      this.cards.delete(node);
    }
    for (const node of near) this.paintCard(node);
    const selected = this.cards.get(look.selected);
    if (selected !== undefined) this.nodesGroup.append(selected.element);  // over its neighbours
    document.getElementById('landmarks').replaceChildren(...(this.isFar ? this.landmarks() : []));
  }

  // The nodes of which the state, or a mark, is another now.
  refresh(nodes) {
    if (this.isFar) {
      this.paintPlain();
      this.paint();
    } else {
      for (const node of nodes) {
        if (this.cards.has(node)) this.paintCard(node);
      }
    }
  }

  // --- Edges -----------------------------------------------------------------------------------

  relation(edge) {
    const {selected, ancestors, descendants} = this.look;
    if (selected === null || edge.soft) return 'plain';
    const {from, to} = edge;
    if (ancestors.has(to) && (from === selected || ancestors.has(from))) return 'ancestor';
    if (descendants.has(from) && (to === selected || descendants.has(to))) return 'descendant';
    return 'plain';
  }

  // The edges as they are seen, with what collapsed nodes stand for.
  visibleEdges() {
    const hiddenBy = this.look.hiddenBy;
    const kindOf = (edge) => edge.soft ? 'soft' : 'hard';
    if (hiddenBy.size === 0) return this.edges.map((edge) => [edge, kindOf(edge)]);
    const edges = [];
    const through = new Map();
    for (const edge of this.edges) {
      if (!hiddenBy.has(edge.from) && !hiddenBy.has(edge.to)) {
        edges.push([edge, kindOf(edge)]);
        continue;
      }
      const by = hiddenBy.get(edge.from);
      if (by !== undefined && !hiddenBy.has(edge.to)) through.set(`${by} ${edge.to}`, [by, edge.to]);
    }
    for (const [by, to] of through.values()) {
      if (this.graph.dependencies[by].includes(to) || this.graph.softDependencies[by].includes(to)) continue;
      const {x, y, h} = this.data.nodes[by], end = this.data.nodes[to];
      edges.push([Drawing.edge(by, to, 0, [x, y + h / 2, end.x, end.y - end.h / 2]), 'through']);
    }
    return edges;
  }

  // Adds an edge to the lines of its kind: `pieces` is class -> lines.
  addEdge(pieces, edge, kind, relation) {
    Drawing.add(pieces, `edge ${kind} ${relation}`, Drawing.line(edge, this.sight));
    if (!this.isFar) Drawing.add(pieces, `head ${relation}`, edge.head);
  }

  static add(pieces, className, line) {
    const lines = pieces.get(className);
    if (lines === undefined) pieces.set(className, [line]);
    else lines.push(line);
  }

  // Everything without the look; but states are seen.
  paintPlain() {
    const pieces = new Map();
    for (const [edge, kind] of this.shownEdges) this.addEdge(pieces, edge, kind, 'plain');
    if (this.isFar) {
      for (const node of this.inSight) this.addBox(pieces, node, this.kindClass(node));
    }
    this.put(pieces, this.plainCanvas);
  }

  // What the look adds.
  paintRelated() {
    const {selected, hits} = this.look;
    const pieces = new Map();
    if (selected !== null) {
      for (const [edge, kind] of this.shownEdges) {
        const relation = this.relation(edge);
        if (relation !== 'plain') this.addEdge(pieces, edge, kind, relation);
      }
    }
    if (this.isFar && (selected !== null || hits.size > 0)) {
      for (const node of this.inSight) {
        const classes = this.classes(node);
        if (!classes.includes('is-other') && (selected !== null || hits.has(node))) {
          this.addBox(pieces, node, classes.join(' '));
        }
      }
    }
    this.put(pieces, this.relatedCanvas);
  }

  // Paints the pieces; on paper, makes elements of them.
  put(pieces, canvas) {
    const context = canvas.getContext('2d');
    if (this.isPaper) {
      if (canvas === this.plainCanvas) this.paper.replaceChildren();
      this.paper.append(...[...pieces].map(([className, lines]) => draw('path', {class: className, d: lines.join('')})));
      return;
    }
    this.paper.replaceChildren();
    canvas.hidden = pieces.size === 0;
    if (canvas.hidden) return;
    const {width, height, x, y, k} = this.camera;
    const left = -width * MARGIN, top = -height * MARGIN;
    const dense = Math.min(2, devicePixelRatio);
    const wide = Math.ceil((width - 2 * left) * dense), high = Math.ceil((height - 2 * top) * dense);
    if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    Object.assign(canvas.style, {left: left + 'px', top: top + 'px', width: wide / dense + 'px', height: high / dense + 'px'});
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, wide, high);
    context.setTransform(k * dense, 0, 0, k * dense, (x - left) * dense, (y - top) * dense);
    for (const [className, lines] of pieces) this.paintPath(context, new Path2D(lines.join('')), this.style(className));
  }

  paintPath(context, path, style) {
    const unit = this.isFar ? 1 / this.scale : 1;  // far away, lines are as wide as on the screen
    if (style.fill !== 'none') {
      context.fillStyle = style.fill;
      context.fill(path);
    }
    if (style.stroke === 'none') return;
    context.strokeStyle = style.stroke;
    context.globalAlpha = Number(style.strokeOpacity);
    context.lineWidth = parseFloat(style.strokeWidth) * unit;
    context.lineCap = style.strokeLinecap;
    context.setLineDash(style.strokeDasharray === 'none' ? [] : style.strokeDasharray.split(',').map((part) => parseFloat(part) * unit));
    context.stroke(path);
    context.globalAlpha = 1;
  }

  // What the style sheet says of a path of that class.
  style(className) {
    const key = `${this.isFar} ${className}`;
    let style = this.styles.get(key);
    if (style === undefined) {
      const probe = draw('path', {class: className});
      this.probes.append(probe);
      const {fill, stroke, strokeWidth, strokeOpacity, strokeDasharray, strokeLinecap} = getComputedStyle(probe);
      style = {fill, stroke, strokeWidth, strokeOpacity, strokeDasharray, strokeLinecap};
      probe.remove();
      this.styles.set(key, style);
    }
    return style;
  }

  // The colors are other ones now.
  restyle() {
    this.styles.clear();
    if (this.isPaper) return;
    this.paintPlain();
    this.paintRelated();
  }

  // --- Nodes, far ------------------------------------------------------------------------------

  // The class that says what kind of node it is: by its state in a replay, else by its verdict.
  kindClass(node) {
    const kind = this.state(node)?.name ?? this.data.nodes[node].on_error;
    return kind === undefined ? '' : 'is-' + Drawing.className(kind);
  }

  // That, and what the look says of it.
  classes(node) {
    const look = this.look;
    const kind = this.kindClass(node);
    const classes = kind === '' ? [] : [kind];
    if (look.selected === node) {
      classes.push('is-selected');
      if (look.pinned) classes.push('is-pinned');
    } else if (look.selected !== null) {
      if (look.ancestors.has(node)) classes.push('ancestor');
      else if (look.descendants.has(node)) classes.push('descendant');
      else if (!look.down.has(node) && !look.restart.has(node)) classes.push('is-other');
    }
    if (look.hits.has(node)) classes.push('is-hit');
    if (this.data.nodes[node].members !== undefined) classes.push('is-several');
    return classes;
  }

  addBox(pieces, node, className) {
    const {left, top, right, bottom} = this.boxes[node];
    Drawing.add(pieces, 'far-node ' + className, `M${left} ${top}H${right}V${bottom}H${left}z`);
  }

  // Names for the nodes with the most edges, as far as there is room for names.
  landmarks() {
    if (this.byDegree === null) {
      const {dependencies, dependents} = this.graph;
      const degree = (n) => dependencies[n].length + dependents[n].length;
      this.byDegree = [...this.boxes.keys()].sort((a, b) => degree(b) - degree(a) || a - b);
    }
    const {selected, hits, ancestors, descendants, hiddenBy} = this.look;
    const wanted = selected !== null ? (n) => n === selected || ancestors.has(n) || descendants.has(n) :
                   hits.size > 0 ? (n) => hits.has(n) : () => true;
    const taken = new Set();
    const names = [];
    const order = selected === null ? this.byDegree : [selected, ...this.byDegree];
    for (const node of order) {
      if (hiddenBy.has(node) || !wanted(node) || !Drawing.meet(this.boxes[node], this.sight)) continue;
      const {x, y} = this.data.nodes[node];
      const column = Math.round(x * this.scale / LANDMARK_WIDTH), row = Math.round(y * this.scale / LANDMARK_HEIGHT);
      if (taken.has(`${column} ${row}`)) continue;
      taken.add(`${column} ${row}`);
      names.push(draw('text', {
        class: 'landmark', transform: `translate(${x} ${y}) scale(${1 / this.scale})`, y: 4,
      }, this.label(node, LANDMARK_WIDTH - 12, '600 12px ')));
    }
    return names;
  }

  // --- Nodes, near -----------------------------------------------------------------------------

  // The node's name, as much of it as is `width` wide.
  label(node, width, font) {
    const key = `${font}${node}`;
    const known = this.labels.get(key);
    if (known !== undefined) return known;
    this.ruler.font = font + getComputedStyle(document.body).fontFamily;
    const letters = [...this.graph.names[node].slice(0, 200)];
    let text = this.graph.names[node].slice(0, 200);
    for (let most = letters.length; this.ruler.measureText(text).width > width && most > 1;) {
      most = Math.min(most - 1, Math.ceil(most * width / this.ruler.measureText(text).width));
      text = letters.slice(0, most).join('') + '\u2026';
    }
    this.labels.set(key, text);
    return text;
  }

  // What stands below a node's name.
  word(node) {
    const state = this.state(node);
    if (state !== null) return state.incarnation > 1 ? `${state.name} #${state.incarnation}` : state.name;
    const {members, on_error} = this.data.nodes[node];
    return members !== undefined ? `cycle of ${members.length} nodes` : on_error;
  }

  paintCard(node) {
    const look = this.look;
    const classes = this.classes(node);
    const word = this.word(node);
    const hidden = look.collapsed.has(node) ? this.hiddenCount(node) : 0;
    const effect = look.restart.has(node) ? 'restart' : look.down.has(node) ? 'down' : null;
    const key = `${classes.join(' ')}|${word}|${hidden}|${effect}`;
    const old = this.cards.get(node);
    if (old?.key === key) return;
    const element = old === undefined ? draw('g', {id: 'node-' + node, role: 'button'}) : old.element;
    element.setAttribute('class', 'node ' + classes.join(' '));
    element.setAttribute('aria-label', this.describe(node));
    element.setAttribute('aria-pressed', String(look.pinned && look.selected === node));
    element.replaceChildren(...this.cardParts(node, classes, word, hidden, effect));
    if (old === undefined) this.nodesGroup.append(element);
    this.cards.set(node, {element, key});
  }

  cardParts(node, classes, word, hidden, effect) {
    const {left, top, right, bottom} = this.boxes[node];
    const {x, y, w, h} = this.data.nodes[node];
    const rect = (className, grow, dy = 0) => draw('rect', {
      class: className, x: left - grow, y: top - grow + dy, width: w + 2 * grow, height: h + 2 * grow, rx: 8 + grow,
    });
    const kind = this.kindClass(node).slice(3);
    const textX = kind === '' ? left + 14 : left + BLOCK + 10;
    const room = right - 10 - textX;
    const parts = [rect('shadow', 0.5, 2), rect('card', 0), rect('ring', 4)];
    if (kind !== '') {
      parts.push(draw('path', {
        class: 'block',
        d: `M${left + BLOCK} ${top + .6}V${bottom - .6}H${left + 8}a7.4 7.4 0 0 1-7.4-7.4V${top + 8}a7.4 7.4 0 0 1 7.4-7.4z`,
      }), draw('path', {
        class: 'glyph', d: ICONS[kind], transform: `translate(${left + BLOCK / 2 - 8} ${y - 8})`,
      }));
    }
    parts.push(draw('text', {class: 'name', x: textX, y: word === undefined ? y + 4.5 : y - 2.5},
                    this.label(node, room, '600 13px ')));
    if (word !== undefined) parts.push(draw('text', {class: 'word', x: textX, y: y + 13.5}, word));
    if (effect === 'down') {
      const from = kind === '' ? left + 1 : left + BLOCK;
      parts.push(draw('path', {
        class: 'hatch', d: `M${from} ${top + 1}H${right - 8}a7 7 0 0 1 7 7V${bottom - 8}a7 7 0 0 1-7 7H${from}z`,
      }));
    }
    const tag = classes.find((name) => name === 'ancestor' || name === 'descendant');
    if (tag !== undefined) {
      parts.push(draw('g', {class: 'tag ' + tag, transform: `translate(${left + 1} ${top})`},
                      draw('path', {d: tag === 'ancestor' ? 'M-7.5 -5.5h15l-7.5 12z' : 'M-7.5 5.5h15l-7.5 -12z'})));
    }
    if (effect !== null) {
      parts.push(draw('g', {class: 'badge ' + effect, transform: `translate(${right - 2} ${top + 1})`},
                      draw('circle', {r: 9.5}),
                      draw('path', {class: 'glyph', d: ICONS[effect], transform: 'scale(.72) translate(-8 -8)'})));
    }
    if (hidden > 0) {
      const text = '+' + hidden, width = 12 + 7 * text.length;
      parts.push(draw('g', {class: 'count', transform: `translate(${x} ${bottom})`},
                      draw('rect', {x: -width / 2, y: -8, width, height: 16, rx: 8}),
                      draw('text', {y: 4}, text)));
    }
    return parts;
  }

  hiddenCount(node) {
    let count = 0;
    for (const by of this.look.hiddenBy.values()) count += by === node;
    return count;
  }

  // The node in a sentence, for those who listen.
  describe(node) {
    const {graph, look} = this;
    const name = graph.names[node].slice(0, 200);
    const parts = [name];
    const word = this.word(node);
    if (word !== undefined) parts.push(this.state(node) !== null ? word : 'on error ' + word.replaceAll('_', ' '));
    const many = (count, one, several) => `${count} ${count === 1 ? one : several}`;
    parts.push(many(graph.dependencies[node].length, 'dependency', 'dependencies'),
               many(graph.dependents[node].length, 'dependent', 'dependents'));
    if (look.collapsed.has(node)) parts.push('collapsed');
    if (look.selected !== null && look.selected !== node) {
      if (look.ancestors.has(node)) parts.push('ancestor of the selected node');
      if (look.descendants.has(node)) parts.push('descendant of the selected node');
      if (look.down.has(node)) parts.push('goes down with it');
      if (look.restart.has(node)) parts.push('restarts with it');
    }
    return parts.join(', ');
  }
}
