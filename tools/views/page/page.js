// Ties it together: what the user does, and what follows.

class Page {
  constructor(data) {
    this.data = data;
    this.graph = new Graph(data);
    this.replay = data.journal === undefined ? null : new Replay(data.journal);
    this.look = {...PLAIN_LOOK};
    this.pinned = null;
    this.hovered = null;
    this.verdict = null;  // chosen; null: the node's own
    this.found = [];      // by the search, and which of them one is at
    this.foundAt = -1;
    this.drawing = new Drawing(data, this.graph, (node) => this.state(node));
    this.stage = document.getElementById('stage');
    this.camera = new Camera(this.stage, document.getElementById('layer'), document.getElementById('world'),
                             () => this.drawing.render(this.camera));
    this.panel = new Panel(data, this.graph, this.replay, this);
    this.search = document.getElementById('search');
    this.hits = document.getElementById('hits');
    this.announcer = document.getElementById('announce');
  }

  start() {
    const {data, graph} = this;
    installIcons();
    const many = (count, one) => `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;
    const counts = `${many(graph.size, 'node')}, ${many(data.edges.length, 'edge')}`;
    document.title = `${data.title} \u00b7 dependency graph`;
    document.getElementById('title').textContent = data.title;
    document.getElementById('counts').textContent = data.note === undefined ? counts : `${counts}, ${data.note}`;
    this.stage.setAttribute('aria-label', `Dependency graph of ${data.title}: ${counts}`);
    this.panel.legend();
    this.panel.show(this.look);
    this.camera.showAtFirst(this.drawing.bounds);
    this.listenToPointer();
    this.listenToKeys();
    this.listenToSearch();
    this.listenToButtons();
    this.listenToPrinting();
    if (this.replay !== null) this.startReplay();
    this.fillHelp();
    this.followAddress();
    document.documentElement.dataset.ready = '';  // for whoever waits for it
  }

  announce(text) { this.announcer.textContent = text; }

  // The state of a node in the replay: {name, incarnation, since}, or null if there is none.
  state(node) {
    if (this.replay === null) return null;
    const {states, incarnations, since} = this.replay.now;
    return {name: STATES[states[node]], incarnation: incarnations[node], since: since[node]};
  }

  // --- Which node, and what of it ----------------------------------------------------------------

  // The verdict that the drawing shows at `node`.
  verdictAt(node) {
    const own = this.data.nodes[node].on_error;
    return this.verdict ?? (VERDICTS.includes(own) ? own : 'stop');
  }

  // Makes the look follow from what is pinned, pointed at, and active; draws it.
  update() {
    const {look, graph} = this;
    const selected = this.pinned ?? this.hovered ?? look.active;
    look.pinned = this.pinned !== null;
    look.selected = selected;
    if (selected === null) {
      look.ancestors = look.descendants = look.down = look.restart = new Set();
    } else {
      look.ancestors = graph.ancestors(selected);
      look.descendants = graph.descendants(selected);
      look.verdict = this.verdictAt(selected);
      Object.assign(look, graph.blastRadius(selected, look.verdict));
    }
    this.drawing.look = look;
    this.drawing.paint();
    this.panel.show(look);
    if (look.active !== null) this.stage.setAttribute('aria-activedescendant', 'node-' + look.active);
    else this.stage.removeAttribute('aria-activedescendant');
  }

  hover(node) {
    this.stage.classList.toggle('is-over-node', node !== null);
    if (node === this.hovered) return;
    this.hovered = node;
    if (this.pinned === null) this.update();
  }

  pin(node) {
    this.pinned = node;
    if (node !== null) this.look.active = node;
    this.update();
    if (node !== null) this.announce('pinned ' + this.drawing.describe(node));
    const address = node === null ? ' ' : '#' + encodeURIComponent(this.graph.names[node].slice(0, 500));
    if (this.graph.size > 0) this.address = address.trim();
  }

  // Makes it the node at which the keyboard is, and brings it into sight.
  activate(node) {
    this.show(node);
    this.look.active = node;
    this.update();
    this.camera.reveal(this.drawing.boxes[node]);
    this.announce(this.drawing.describe(node));
  }

  // Goes to a node from somewhere else, and keeps it.
  go(node) {
    this.show(node);
    this.pin(node);
    this.camera.reveal(this.drawing.boxes[node]);
  }

  // Expands what hides the node.
  show(node) {
    while (this.look.hiddenBy.has(node)) this.toggleCollapsed(this.look.hiddenBy.get(node));
  }

  toggleCollapsed(node) {
    const {look, graph} = this;
    const own = graph.own(node).size;
    if (own === 0) {
      this.announce('nothing is there only for this node');
      return;
    }
    if (!look.collapsed.delete(node)) look.collapsed.add(node);
    look.hiddenBy = graph.hiddenBy(look.collapsed);
    if (look.hiddenBy.has(this.pinned)) this.pinned = null;
    if (look.hiddenBy.has(look.active)) look.active = null;
    if (look.hiddenBy.has(this.hovered)) this.hovered = null;
    this.drawing.look = look;
    this.camera.rest();
    this.update();
    this.announce(look.collapsed.has(node) ? `collapsed ${own}` : `expanded ${own}`);
  }

  chooseVerdict(verdict) {
    this.verdict = verdict;
    this.update();
    const {down, restart} = this.look;
    if (this.look.selected !== null) {
      this.announce(restart.size > 0 ? `${verdict}: ${restart.size} restart` : `${verdict}: ${down.size} go down`);
    }
  }

  // --- Pointer -----------------------------------------------------------------------------------

  listenToPointer() {
    const at = (x, y) => this.drawing.nodeAt(this.camera.toGraph(x, y), 3 / this.camera.k);
    this.camera.listen((x, y) => {
      const node = at(x, y);
      this.stage.focus({focusVisible: false});
      if (node === null) this.look.active = null;
      this.pin(node === this.pinned ? null : node);
    }, (x, y) => this.hover(at(x, y)));  // one may leave for the panel: it stays
  }

  // --- Keys --------------------------------------------------------------------------------------

  // The next node in a direction: up and down along an edge, to the nearest end; left and right to
  // the neighbor in the same layer.
  neighbor(node, direction) {
    const {graph, data, look} = this;
    const {x, y, h} = data.nodes[node];
    const ends = {
      ArrowDown: [...graph.dependencies[node], ...graph.softDependencies[node]],
      ArrowUp: [...graph.dependents[node], ...graph.softDependents[node]],
    }[direction];
    const side = direction === 'ArrowLeft' ? -1 : 1;
    let best = null, least = Infinity;
    for (const other of ends ?? data.nodes.keys()) {
      const dx = data.nodes[other].x - x, dy = data.nodes[other].y - y;
      if (other === node || look.hiddenBy.has(other)) continue;
      if (ends === undefined && (dx * side <= 0 || Math.abs(dy) > h)) continue;
      const far = Math.abs(dx) + Math.abs(dy);
      if (far < least) [best, least] = [other, far];
    }
    return best;
  }

  // Where the keyboard begins: what is selected, or what is most in the middle of what one sees.
  first() {
    if (this.look.selected !== null) return this.look.selected;
    const middle = this.camera.toGraph(this.camera.width / 2, this.camera.height / 4);
    let best = null, least = Infinity;
    this.data.nodes.forEach(({x, y}, node) => {
      const far = Math.hypot(x - middle.x, y - middle.y);
      if (far < least && !this.look.hiddenBy.has(node)) [best, least] = [node, far];
    });
    return best;
  }

  listenToKeys() {
    this.stage.addEventListener('focus', () => {
      // By Tab, not by a click: then there is a node to walk from.
      if (this.stage.matches(':focus-visible') && this.look.active === null && this.graph.size > 0) this.activate(this.first());
    });
    this.stage.addEventListener('blur', () => {
      if (this.pinned === null && this.look.active !== null) {
        this.look.active = null;
        this.update();
      }
    });
    this.stage.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const {look, camera} = this;
      if (event.key.startsWith('Arrow')) {
        event.preventDefault();
        if (look.active === null || event.shiftKey) {
          const [dx, dy] = {ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80]}[event.key];
          camera.pan(dx, dy);
          return;
        }
        const next = this.neighbor(look.active, event.key);
        if (next === null) return;
        if (this.pinned !== null) this.pinned = null;
        this.hovered = null;
        this.activate(next);
      } else if (event.key === 'Enter') {
        event.preventDefault();
        const node = look.active ?? (this.graph.size > 0 ? this.first() : null);
        this.pin(node === this.pinned ? null : node);
      } else if (event.key === 'c' && look.selected !== null) {
        this.toggleCollapsed(look.selected);
      } else if (event.key === 'v' && look.selected !== null) {
        this.chooseVerdict(VERDICTS[(VERDICTS.indexOf(this.verdictAt(look.selected)) + 1) % VERDICTS.length]);
      }
    });
    document.addEventListener('keydown', (event) => {
      const isTyping = event.target === this.search;
      const help = document.getElementById('help');
      if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
      if (event.key === 'Escape') {
        this.escape();
        return;
      }
      if (isTyping) return;
      const keys = {
        '/': () => { this.search.focus(); this.search.select(); },
        '?': () => help.showModal(),
        '+': () => this.camera.zoom(1.25),
        '=': () => this.camera.zoom(1.25),
        '-': () => this.camera.zoom(0.8),
        '0': () => this.camera.show(this.drawing.bounds),
        'd': () => this.nextTheme(),
        ',': () => this.goToMoment(this.replay?.position - 1),
        '.': () => this.goToMoment(this.replay?.position + 1),
        ' ': () => this.replay !== null && this.togglePlaying(),
      };
      const isButton = event.target.closest('button, summary, input');
      if (keys[event.key] === undefined || (event.key === ' ' && isButton)) return;
      event.preventDefault();
      keys[event.key]();
    });
  }

  // One step out of what one is in.
  escape() {
    if (document.activeElement === this.search || this.search.value !== '') {
      this.search.value = '';
      this.find('');
      this.stage.focus();
    } else if (this.pinned !== null) {
      this.pinned = null;
      this.update();
      this.announce('not pinned any more');
    } else if (this.look.active !== null) {
      this.look.active = null;
      this.update();
    }
  }

  // --- Search ------------------------------------------------------------------------------------

  listenToSearch() {
    this.search.addEventListener('input', () => this.find(this.search.value));
    this.search.addEventListener('keydown', (event) => {
      const step = {ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1}[event.key];
      if (step === undefined || this.found.length === 0) return;
      event.preventDefault();
      const count = this.found.length;
      this.foundAt = this.foundAt < 0 && step < 0 ? count - 1 : (this.foundAt + step + count) % count;
      this.go(this.found[this.foundAt]);
      this.tellHits();
    });
  }

  find(text) {
    const wanted = text.trim().toLowerCase();
    this.lowerNames ??= this.graph.names.map((name) => name.toLowerCase());
    this.found = [];
    this.foundAt = -1;
    if (wanted !== '') this.lowerNames.forEach((name, node) => { if (name.includes(wanted)) this.found.push(node); });
    this.look.hits = new Set(this.found);
    this.update();
    this.tellHits();
  }

  tellHits() {
    const count = this.found.length;
    this.hits.textContent = this.search.value.trim() === '' ? '' : count === 0 ? 'no node' :
        this.foundAt >= 0 ? `${this.foundAt + 1} of ${count}` : `${count} node${count === 1 ? '' : 's'}`;
  }

  // --- Buttons, theme, help, printing --------------------------------------------------------------

  listenToButtons() {
    const on = (id, action) => document.getElementById(id).addEventListener('click', action);
    on('zoom-in', () => this.camera.zoom(1.25));
    on('zoom-out', () => this.camera.zoom(0.8));
    on('zoom-fit', () => this.camera.show(this.drawing.bounds));
    on('theme', () => this.nextTheme());
    on('help-button', () => document.getElementById('help').showModal());
    this.setTheme('auto');
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.drawing.restyle());
    new ResizeObserver(() => this.camera.rest()).observe(this.stage);
  }

  setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    document.documentElement.style.colorScheme = theme === 'auto' ? '' : theme;
    this.drawing.restyle();
    const button = document.getElementById('theme');
    button.querySelector('span').textContent = {auto: 'Auto', light: 'Light', dark: 'Dark'}[theme];
    button.title = `Colors: ${theme === 'auto' ? 'as the system has them' : theme}. Change: d`;
    button.setAttribute('aria-label', button.title);
  }

  nextTheme() {
    const system = matchMedia('(prefers-color-scheme: dark)').matches ? ['dark', 'light'] : ['light', 'dark'];
    const order = ['auto', system[1], system[0]];
    const theme = order[(order.indexOf(document.documentElement.dataset.theme) + 1) % order.length];
    this.setTheme(theme);
    this.announce('colors: ' + theme);
  }

  fillHelp() {
    const rows = [
      ['Tab', 'into the drawing, and out of it'],
      ['\u2190 \u2191 \u2192 \u2193', 'walk: up to a dependent, down to a dependency, sideways within a layer; ' +
       'move the drawing when no node is chosen'],
      ['Shift + arrows', 'move the drawing'],
      ['Enter, click', 'pin the node, or let it go'],
      ['Esc', 'one step out: of the search, the pin, the node'],
      ['c', 'collapse the node, or expand it'],
      ['v', 'the next verdict'],
      ['/', 'find a node; \u2191 \u2193 and Enter go through what was found'],
      ['+ \u2212 0', 'larger, smaller, all; the wheel, two fingers and dragging do it, too'],
      ['d', 'light, dark, or as the system has it'],
      ['?', 'this help'],
    ];
    if (this.replay !== null) rows.splice(-2, 0, ['space', 'play the journal, or pause'], [', .', 'one step back, one forward']);
    document.getElementById('keys').replaceChildren(...rows.flatMap(([keys, text]) => (
        [make('dt', {}, make('kbd', {}, keys)), make('dd', {}, text)])));
  }

  // On paper there is all of the graph, with every name.
  listenToPrinting() {
    const {camera, drawing} = this;
    let isPrinting = false;
    const set = (printing) => {
      if (printing === isPrinting) return;
      isPrinting = printing;
      if (printing) {
        drawing.drawing.setAttribute('viewBox', `-8 -8 ${this.data.width + 16} ${this.data.height + 16}`);
        camera.layer.style.transform = '';
        document.getElementById('world').removeAttribute('transform');
        drawing.render({...camera, k: 1}, true);
      } else {
        drawing.drawing.removeAttribute('viewBox');
        camera.rest();
      }
    };
    const rest = camera.onRest;
    camera.onRest = () => { if (!isPrinting) rest(); };
    addEventListener('beforeprint', () => set(true));
    addEventListener('afterprint', () => set(false));
    matchMedia('print').addEventListener('change', (event) => set(event.matches));
  }

  // graph.html#NODE opens the page at the node.
  followAddress() {
    const go = () => {
      let name = '';
      try {
        name = decodeURIComponent(location.hash.slice(1));
      } catch {
        return;  // not an address of ours
      }
      const node = this.graph.names.indexOf(name);
      if (node >= 0) this.go(node);
    };
    addEventListener('hashchange', go);
    go();
  }

  // --- Replay ------------------------------------------------------------------------------------

  startReplay() {
    const {replay} = this;
    const slider = document.getElementById('slider');
    document.getElementById('replay').hidden = false;
    slider.max = replay.length;
    slider.addEventListener('input', () => { this.pause(); this.goToMoment(Number(slider.value)); });
    const on = (id, action) => document.getElementById(id).addEventListener('click', action);
    on('first', () => { this.pause(); this.goToMoment(0); });
    on('back', () => { this.pause(); this.goToMoment(replay.position - 1); });
    on('forth', () => { this.pause(); this.goToMoment(replay.position + 1); });
    on('play', () => this.togglePlaying());
    this.playing = 0;
    this.markFailures();
    this.goToMoment(replay.length);  // how it ended is what one wants to know first
    this.camera.showAtFirst(this.drawing.bounds);
  }

  // Where something failed, above the slider.
  markFailures() {
    const failing = [STATES.indexOf('deciding'), STATES.indexOf('failed'), STATES.indexOf('abandoned')];
    const marks = document.getElementById('marks');
    const redraw = () => {
      const thumb = 16, width = marks.clientWidth - thumb;
      const d = this.replay.moments.map(({changes}, i) => changes.some(({state}) => failing.includes(state)) ?
          `M${(thumb / 2 + width * (i + 1) / this.replay.length - 4).toFixed(1)} 2h8l-4 8z` : '').join('');
      marks.replaceChildren(draw('path', {d}));
    };
    new ResizeObserver(redraw).observe(marks);
  }

  goToMoment(position) {
    const {replay} = this;
    if (replay === null) return;
    const to = Math.max(0, Math.min(replay.length, position));
    const touched = new Set();
    for (let i = Math.min(to, replay.position); i < Math.max(to, replay.position); ++i) {
      for (const {node} of replay.moments[i].changes) touched.add(node);
    }
    replay.go(to);
    const slider = document.getElementById('slider');
    slider.value = to;
    const at = seconds(replay.seconds);
    slider.setAttribute('aria-valuetext', `${at}, ${to} of ${replay.length}${to > 0 ? ': ' + Panel.shorten(replay.moments[to - 1].what) : ''}`);
    document.getElementById('time').replaceChildren(at, make('small', {}, `event ${to} of ${replay.length}`));
    this.drawing.refresh(touched);
    this.panel.showEvents();
    if (touched.has(this.look.selected)) this.panel.show(this.look);
  }

  togglePlaying() {
    if (this.playing !== 0) {
      this.pause();
      return;
    }
    if (this.replay.position === this.replay.length) this.goToMoment(0);
    this.setPlaying(true);
    this.playNext();
  }

  // Each step takes as long as it took, within limits: what took microseconds can be seen, and
  // nobody waits for hours.
  playNext() {
    const {replay} = this;
    const took = replay.position < replay.length ? replay.moments[replay.position].seconds - replay.seconds : 0;
    this.playing = setTimeout(() => {
      this.goToMoment(replay.position + 1);
      if (replay.position < replay.length) this.playNext();
      else this.pause();
    }, Math.min(1200, Math.max(250, took * 1000)));
  }

  pause() {
    clearTimeout(this.playing);
    this.playing = 0;
    this.setPlaying(false);
  }

  setPlaying(playing) {
    const play = document.getElementById('play');
    play.replaceChildren(icon(playing ? 'pause' : 'play'), make('span', {}, playing ? 'Pause' : 'Play'));
  }
}

const page = new Page(JSON.parse(document.getElementById('data').textContent));
page.start();
