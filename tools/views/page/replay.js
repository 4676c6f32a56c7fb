// A journal: in which state each node is at each moment. Knows nothing of the page.

const STATES = ['waiting', 'starting', 'ready', 'deciding', 'stopping', 'backing off', 'completed',
                'stopped', 'failed', 'abandoned', 'absent'];
const ABSENT = STATES.indexOf('absent');  // not added yet, by an operator

class Replay {
  // journal.begin: the state of each node before the first moment.
  // journal.moments: an array of [seconds since the beginning, what happened (a text),
  //   changes ([[node, state, incarnation, why (a text)], ...]), other news ([text, ...])].
  // Texts are numbers of journal.texts.
  constructor(journal) {
    const text = (number) => journal.texts[number];
    this.moments = journal.moments.map(([seconds, what, changes, news]) => ({
      seconds,
      what: text(what),
      changes: changes.map(([node, state, incarnation, why]) => (
          {node, state, incarnation, why: text(why)})),
      news: news.map(text),
    }));
    this.now = {
      states: journal.begin.slice(),
      incarnations: journal.begin.map(() => 0),
      since: journal.begin.map(() => 0),
    };
    this.undo = [];     // for each moment gone through: what was before it
    this.position = 0;  // so many moments have gone by
  }

  get length() { return this.moments.length; }

  // The time at which it stands.
  get seconds() { return this.position === 0 ? 0 : this.moments[this.position - 1].seconds; }

  // Goes to where so many moments have gone by. Costs what lies between.
  go(position) {
    const now = this.now;
    while (this.position < position) {
      const {changes, seconds} = this.moments[this.position++];
      this.undo.push(changes.map(({node}) => (
          [node, now.states[node], now.incarnations[node], now.since[node]])));
      for (const {node, state, incarnation} of changes) {
        now.states[node] = state;
        now.incarnations[node] = incarnation;
        now.since[node] = seconds;
      }
    }
    while (this.position > position) {
      --this.position;
      for (const [node, state, incarnation, since] of this.undo.pop().reverse()) {
        now.states[node] = state;
        now.incarnations[node] = incarnation;
        now.since[node] = since;
      }
    }
  }
}
