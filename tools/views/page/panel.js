// What stands beside the drawing: the node's details, the legend, the events of a replay.

const MANY_LINKS = 60;     // names in a list, before "and 12 more"
const MANY_LETTERS = 400;  // of a name
const EVENTS_AROUND = 150; // events listed before and after the present one

const POLICY_WORDS = {
  start_timeout: 'start timeout', stop_timeout: 'stop timeout', watchdog: 'watchdog',
  on_completion: 'when it completes', on_dependency_restart: 'when a dependency restarts',
};
const RESTART_WORDS = {
  initial: 'first pause', max: 'longest pause', multiplier: 'pause grows by', jitter: 'jitter',
  reset_after: 'cured after', max_restarts: 'restarts', window: 'within', on_limit: 'beyond that',
};
const STATE_CLASSES = STATES.map((state) => state.replaceAll(' ', '_'));

class Panel {
  // page: what the panel asks and tells (see Page).
  constructor(data, graph, replay, page) {
    Object.assign(this, {data, graph, replay, page});
    this.details = document.getElementById('details');
    this.eventList = document.getElementById('event-list');
  }

  static shorten(name) {
    const letters = name.length > MANY_LETTERS ? name.slice(0, MANY_LETTERS) : name;
    return name.length > MANY_LETTERS ? `${letters}\u2026 (${name.length.toLocaleString('en')} characters)` : name;
  }

  // A node's name that leads to the node.
  link(node, className = '') {
    return make('button', {type: 'button', class: className, onclick: () => this.page.go(node)},
                Panel.shorten(this.graph.names[node]).slice(0, 80));
  }

  links(nodes, className = '') {
    const all = [...nodes];
    if (all.length === 0) return make('p', {class: 'none'}, 'none');
    return make('div', {class: 'links ' + className},
                ...all.slice(0, MANY_LINKS).map((node) => this.link(node, className)),
                all.length > MANY_LINKS ? make('span', {class: 'more'}, `and ${all.length - MANY_LINKS} more`) : null);
  }

  // --- Details ---------------------------------------------------------------------------------

  // Shows the selected node of `look`; the whole graph if there is none.
  show(look) {
    const node = look.selected;
    const focused = this.details.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    this.details.replaceChildren(...(node === null ? this.overview() : this.node(node, look)));
    // What had the focus has just been made anew.
    if (focused !== undefined) this.details.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  overview() {
    const {graph} = this;
    const top = [], bottom = [];
    for (let n = 0; n < graph.size; ++n) {
      if (graph.dependents[n].length === 0) top.push(n);
      if (graph.dependencies[n].length === 0) bottom.push(n);
    }
    return [make('div', {class: 'overview'},
      make('p', {class: 'kind'}, 'Point at a node, or walk to it with Tab and the arrow keys, to see what it ' +
           'depends on, what depends on it, and what goes down with it. Click or Enter keeps it.'),
      make('h3', {}, 'Nothing depends on'), this.links(top),
      make('h3', {}, 'Depend on nothing'), this.links(bottom))];
  }

  node(node, look) {
    const {graph, data, page} = this;
    const {members} = data.nodes[node];
    const own = graph.own(node).size;
    const isCollapsed = look.collapsed.has(node);
    const heading = (text, nodes) => make('h3', {}, nodes.length === 0 ? text : `${text} \u00b7 ${nodes.length}`);
    return [
      make('h2', {class: 'name'}, Panel.shorten(graph.names[node])),
      this.kind(node),
      make('div', {class: 'actions'},
           make('button', {type: 'button', 'data-key': 'pin', 'aria-pressed': String(look.pinned),
                           onclick: () => page.pin(look.pinned ? null : node)},
                icon('pin'), look.pinned ? 'Pinned' : 'Pin'),
           own === 0 ? null :
               make('button', {type: 'button', 'data-key': 'fold', 'aria-pressed': String(isCollapsed),
                               onclick: () => page.toggleCollapsed(node)},
                    icon('fold'), isCollapsed ? `Expand ${own}` : `Collapse ${own}`)),
      make('h3', {}, 'If it fails, and the verdict is'),
      this.verdicts(node, look),
      this.radius(node, look),
      members === undefined ? null : heading('Depend on each other', members),
      members === undefined ? null : make('p', {}, members.slice(0, MANY_LINKS).map(Panel.shorten).join(', ') +
           (members.length > MANY_LINKS ? `, and ${members.length - MANY_LINKS} more` : '')),
      heading('Depends on', graph.dependencies[node]), this.links(graph.dependencies[node]),
      graph.softDependencies[node].length === 0 ? null : heading('Waits for (soft)', graph.softDependencies[node]),
      graph.softDependencies[node].length === 0 ? null : this.links(graph.softDependencies[node], 'soft'),
      heading('Its dependents', graph.dependents[node]), this.links(graph.dependents[node]),
      graph.softDependents[node].length === 0 ? null : heading('Wait for it (soft)', graph.softDependents[node]),
      graph.softDependents[node].length === 0 ? null : this.links(graph.softDependents[node], 'soft'),
      make('h3', {}, 'All in all'),
      make('dl', {}, make('dt', {}, 'ancestors'), make('dd', {id: 'ancestor-count'}, look.ancestors.size),
           make('dt', {}, 'descendants'), make('dd', {id: 'descendant-count'}, look.descendants.size)),
      ...this.policies(node),
    ].filter((part) => part !== null);
  }

  kind(node) {
    const status = this.page.state(node);
    const verdict = this.data.nodes[node].on_error;
    const parts = [];
    if (status !== null) {
      parts.push(make('span', {class: 'chip'}, swatch(Drawing.className(status.name)), status.name),
                 status.incarnation === 0 ? null : `incarnation #${status.incarnation}, since ${seconds(status.since)}`);
    } else if (verdict !== undefined) {
      parts.push(make('span', {class: 'chip'}, swatch(verdict), verdict),
                 verdict === 'handler' ? 'a function decides' : 'when it fails');
    }
    return parts.length === 0 ? null : make('p', {class: 'kind'}, ...parts);
  }

  // A choice of the verdicts, with how many each takes down.
  verdicts(node, look) {
    const own = this.data.nodes[node].on_error;
    return make('fieldset', {class: 'verdicts', 'aria-label': 'Verdict'}, ...VERDICTS.map((verdict) => {
      const {down, restart} = this.graph.blastRadius(node, verdict);
      return make('label', {},
                  make('input', {type: 'radio', name: 'verdict', value: verdict, 'data-key': verdict,
                                 checked: verdict === look.verdict ? '' : null,
                                 onchange: () => this.page.chooseVerdict(verdict)}),
                  swatch(verdict),
                  make('span', {}, verdict, own === verdict ? make('small', {}, ' its own') : null),
                  make('b', {}, Panel.outcome(verdict, down.size, restart.size)));
    }));
  }

  static outcome(verdict, down, restart) {
    switch (verdict) {
      case 'restart': return `${restart} restart${restart === 1 ? 's' : ''}`;
      case 'shutdown': return `all ${down} down`;
      case 'spin_halt': return `all ${down} down, halted`;
      default: return `${down} down`;
    }
  }

  radius(node, look) {
    const others = [...(look.restart.size > 0 ? look.restart : look.down)].filter((other) => other !== node);
    const text = look.restart.size > 0 ? 'Restart with it' : 'Go down with it';
    return make('div', {id: 'radius'}, make('h3', {}, others.length === 0 ? text : `${text} \u00b7 ${others.length}`),
                this.links(others.sort((a, b) => a - b)));
  }

  // Those that were chosen in strong letters, the defaults in pale ones.
  policies(node) {
    const own = this.data.nodes[node], defaults = this.data.defaults;
    if (defaults === undefined || own.members !== undefined) return [];
    const rows = [];
    const add = (word, value, preset) => {
      const chosen = value !== undefined && value !== preset;
      rows.push(make('dt', {}, word), make('dd', {class: chosen ? null : 'is-default'}, String(value ?? preset)));
    };
    for (const [key, word] of Object.entries(POLICY_WORDS)) add(word, own[key], defaults[key]);
    const first = make('dl', {}, ...rows);
    rows.length = 0;
    for (const [key, word] of Object.entries(RESTART_WORDS)) add(word, own.restart?.[key], defaults.restart[key]);
    return [make('h3', {}, 'Policies'), first, make('h3', {}, 'Restart policy'), make('dl', {}, ...rows)];
  }

  // --- Legend ----------------------------------------------------------------------------------

  // Each style once, with what it means, if the drawing has it.
  legend() {
    const {data, replay} = this;
    const has = (test) => data.edges.some(test);
    const line = (className) => draw('svg', {class: 'sample', viewBox: '0 0 34 22'},
                                     draw('path', {class: 'edge ' + className, d: 'M1 11h29'}),
                                     draw('path', {class: 'head ' + className.split(' ').at(-1), d: 'M33 11l-8.500 -4.2q2.4 4.2 0 8.4z'}));
    const card = (className, extra) => draw('svg', {class: 'sample', viewBox: '0 0 34 22'},
        draw('g', {class: 'node ' + className}, draw('rect', {class: 'card', x: 2, y: 3, width: 29, height: 16, rx: 4}), extra));
    const badge = (effect) => draw('g', {class: 'badge ' + effect, transform: 'translate(28 5)'}, draw('circle', {r: 7}),
        draw('path', {class: 'glyph', d: ICONS[effect], transform: 'scale(.55) translate(-8 -8)'}));
    const tag = (relation) => draw('g', {class: 'tag ' + relation, transform: 'translate(3 4)'},
        draw('path', {d: relation === 'ancestor' ? 'M-6 -4h12l-6 9z' : 'M-6 4h12l-6 -9z'}));
    const hatch = draw('rect', {class: 'hatch', x: 2, y: 3, width: 29, height: 16, rx: 4});
    const row = (sample, text, wide = false, note = null) => make('div', {class: wide ? 'row wide' : 'row'}, sample, make('span', {}, text), note);
    const rows = [];
    if (replay !== null) {
      rows.push(make('h3', {}, 'State'));
      this.stateNotes = STATES.map(() => make('small', {}));
      STATES.forEach((state, i) => {
        if (i === ABSENT && !replay.now.states.includes(ABSENT)) return;
        rows.push(row(swatch(STATE_CLASSES[i]), state, false, this.stateNotes[i]));
      });
    } else if (data.defaults !== undefined) {
      rows.push(make('h3', {}, 'Verdict when it fails'));
      for (const verdict of [...VERDICTS, 'handler']) {
        const count = data.nodes.filter((node) => node.on_error === verdict).length;
        if (count > 0) rows.push(row(swatch(verdict), verdict === 'handler' ? 'handler (a function)' : verdict, false, make('small', {}, count)));
      }
    }
    rows.push(make('h3', {}, 'Edges'), row(line('hard plain'), 'depends on'));
    if (has(([, , soft]) => soft)) rows.push(row(line('soft plain'), 'soft: waits only'));
    rows.push(row(line('through plain'), 'through what is collapsed', true));
    if (data.nodes.some((node) => node.members !== undefined)) rows.push(row(card('is-several', ''), 'nodes in a cycle', true));
    rows.push(make('h3', {}, 'Of the selected node'),
              row(card('ancestor', tag('ancestor')), 'ancestor'), row(card('descendant', tag('descendant')), 'descendant'),
              row(card('', draw('g', {}, hatch, badge('down'))), 'goes down'), row(card('', badge('restart')), 'restarts'));
    document.getElementById('legend-rows').replaceChildren(...rows);
    document.getElementById('legend').open = replay === null;
  }

  // --- Events of a replay ----------------------------------------------------------------------

  // Shows the events around the replay's position, and how many nodes are in each state.
  showEvents() {
    const {replay} = this;
    const from = Math.max(0, replay.position - EVENTS_AROUND);
    const to = Math.min(replay.length, replay.position + EVENTS_AROUND);
    const items = [];
    for (let i = from; i < to; ++i) items.push(this.event(i));
    const gap = (count, where) => count === 0 ? [] : [make('li', {class: 'none'}, `${count} more ${where}`)];
    this.eventList.replaceChildren(...gap(from, 'before'), ...items, ...gap(replay.length - to, 'after'));
    this.eventList.querySelector('.is-now')?.scrollIntoView({block: 'nearest'});
    const counts = STATES.map(() => 0);
    for (const state of replay.now.states) ++counts[state];
    counts.forEach((count, i) => { this.stateNotes[i].textContent = count === 0 ? '' : String(count); });
    document.getElementById('events').hidden = false;
  }

  event(i) {
    const {seconds: at, what, changes, news} = this.replay.moments[i];
    const now = this.replay.position;
    const reasons = new Set(changes.map((change) => change.why).filter((why) => why !== ''));
    return make('li', {class: i === now - 1 ? 'is-past is-now' : i < now ? 'is-past' : null,
                       'aria-current': i === now - 1 ? 'step' : null, onclick: () => this.page.goToMoment(i + 1)},
                make('time', {}, seconds(at)), Panel.shorten(what),
                make('ul', {}, ...changes.slice(0, MANY_LINKS).map(({node, state, incarnation}) => (
                    make('li', {}, swatch(STATE_CLASSES[state]),
                         `${Panel.shorten(this.graph.names[node]).slice(0, 80)}${incarnation > 0 ? ' #' + incarnation : ''} ${STATES[state]}`))),
                     changes.length > MANY_LINKS ? make('li', {}, `and ${changes.length - MANY_LINKS} more`) : null,
                     ...news.map((text) => make('li', {}, Panel.shorten(text)))),
                reasons.size === 0 ? null : make('small', {}, 'because of ' + [...reasons].join('; ')));
  }
}

// A time since the beginning of a run.
function seconds(number) {
  return `${number.toFixed(number >= 1000 ? 3 : 6)} s`;
}
