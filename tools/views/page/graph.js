// The graph and the questions about it. Knows nothing of the page.
//
// Nodes are numbers, as in the data. "To depend on" goes from a node to its dependencies; ancestors
// and descendants are what that reaches, over hard edges only.

const VERDICTS = ['restart', 'stop', 'stop_parents', 'shutdown', 'spin_halt'];

class Graph {
  // data.nodes: an array of {name, on_dependency_restart, ...}.
  // data.edges: an array of [dependent, dependency, is soft (1 or 0), x0, y0, x1, y1, ...].
  constructor(data) {
    const lists = () => data.nodes.map(() => []);
    this.size = data.nodes.length;
    this.names = data.nodes.map((node) => node.name);
    this.follows = data.nodes.map((node) => node.on_dependency_restart === 'restart');
    this.dependencies = lists();
    this.dependents = lists();
    this.softDependencies = lists();
    this.softDependents = lists();
    for (const [from, to, soft] of data.edges) {
      (soft ? this.softDependencies : this.dependencies)[from].push(to);
      (soft ? this.softDependents : this.dependents)[to].push(from);
    }
  }

  // All that `next` leads to from `starts`, these included, as a Set.
  static reach(starts, next) {
    const seen = new Set(starts);
    for (const node of seen) {  // grows while it is walked
      for (const other of next(node)) seen.add(other);
    }
    return seen;
  }

  ancestors(node) {
    const all = Graph.reach([node], (n) => this.dependencies[n]);
    all.delete(node);
    return all;
  }

  descendants(node) {
    const all = Graph.reach([node], (n) => this.dependents[n]);
    all.delete(node);
    return all;
  }

  // What a verdict at the node takes down: the rules S4 and S6 of Stemma's design, for a service of
  // which every node is ready. {restart}: those that go down and come back; {down}: those that do
  // not. Sets, the node included.
  blastRadius(node, verdict) {
    switch (verdict) {
      case 'restart':
        return {
          restart: Graph.reach([node], (n) => this.dependents[n].filter((d) => this.follows[d])),
          down: new Set(),
        };
      case 'stop':
        return {restart: new Set(), down: Graph.reach([node], (n) => this.dependents[n])};
      case 'stop_parents': {
        const going = Graph.reach([node], (n) => this.dependencies[n]);
        return {restart: new Set(), down: Graph.reach(going, (n) => this.dependents[n])};
      }
      default:  // shutdown, spin_halt
        return {restart: new Set(), down: new Set(this.names.keys())};
    }
  }

  // The node's own: all that it depends on, hard or soft, and that nothing else needs: whatever
  // depends on one of them is the node or another of them. This is what collapsing it hides.
  own(node) {
    const found = new Set();
    const usesSeen = new Map();
    const queue = [node];
    while (queue.length > 0) {
      const user = queue.pop();
      for (const list of [this.dependencies, this.softDependencies]) {
        for (const used of list[user]) {
          const seen = (usesSeen.get(used) || 0) + 1;
          usesSeen.set(used, seen);
          if (seen === this.dependents[used].length + this.softDependents[used].length) {
            found.add(used);
            queue.push(used);
          }
        }
      }
    }
    return found;
  }

  // For each hidden node, what is collapsed into sight: the collapsed node that hides it. A node
  // that is hidden itself hides nothing of its own: who hides it, hides that too.
  hiddenBy(collapsed) {
    const by = new Map();
    const sets = [...collapsed].map((node) => [node, this.own(node)]);
    for (const [node, own] of sets) {
      if (sets.some(([other, others]) => other !== node && others.has(node))) continue;
      for (const hidden of own) by.set(hidden, node);
    }
    return by;
  }
}
