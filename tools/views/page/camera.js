// Where one looks: the drawing is moved and scaled, by pointer, wheel, fingers, keys and buttons.
//
// While it moves, the browser only shifts and scales the picture that it already has; once it rests,
// or has left what is there, `onRest` draws anew. So thousands of nodes move smoothly.

const SMALLEST = 0.01, LARGEST = 4;
const REST_MS = 110;

class Camera {
  // stage: what clips. layer: what moves. world: the <g> in it.
  constructor(stage, layer, world, onRest) {
    Object.assign(this, {stage, layer, world, onRest});
    this.x = 0;  // on the stage = in the graph * k + x
    this.y = 0;
    this.k = 1;
    this.drawn = {x: 0, y: 0, k: 1};  // as of the last rest
    this.timer = 0;
    this.flight = 0;
  }

  get width() { return this.stage.clientWidth; }
  get height() { return this.stage.clientHeight; }

  // A point of the stage, in the graph.
  toGraph(x, y) { return {x: (x - this.x) / this.k, y: (y - this.y) / this.k}; }

  // What is in sight, and `margin` times the stage around it, in the graph.
  sight(margin) {
    const from = this.toGraph(-this.width * margin, -this.height * margin);
    const to = this.toGraph(this.width * (1 + margin), this.height * (1 + margin));
    return {left: from.x, top: from.y, right: to.x, bottom: to.y};
  }

  // Draws anew, here.
  rest() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.drawn = {x: this.x, y: this.y, k: this.k};
    this.layer.style.transform = '';
    this.world.setAttribute('transform', `translate(${this.x} ${this.y}) scale(${this.k})`);
    this.onRest();
  }

  move(x, y, k) {
    this.x = x;
    this.y = y;
    this.k = k;
    const scale = k / this.drawn.k;
    this.layer.style.transform =
        `translate(${x - this.drawn.x * scale}px, ${y - this.drawn.y * scale}px) scale(${scale})`;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), REST_MS);
    // Some of what is around it is drawn, too; beyond that there is nothing yet.
    const ends = (at, begin, size) => (
        at + scale * (-size * MARGIN - begin) <= 0 && at + scale * (size * (1 + MARGIN) - begin) >= size);
    if (!ends(x, this.drawn.x, this.width) || !ends(y, this.drawn.y, this.height)) this.rest();
  }

  pan(dx, dy) {
    this.stop();
    this.move(this.x + dx, this.y + dy, this.k);
  }

  // Scales, and keeps the point (x, y) of the stage where it is.
  zoom(factor, x = this.width / 2, y = this.height / 2) {
    this.stop();
    const k = Math.min(LARGEST, Math.max(SMALLEST, this.k * factor));
    this.move(x - (x - this.x) * k / this.k, y - (y - this.y) * k / this.k, k);
  }

  stop() { cancelAnimationFrame(this.flight); }

  // Goes there; at once if the user wants no motion.
  fly(x, y, k) {
    this.stop();
    const from = {x: this.x, y: this.y, k: this.k};
    const far = Math.abs(x - from.x) > 4 * this.width || Math.abs(y - from.y) > 4 * this.height;
    if (far || matchMedia('(prefers-reduced-motion: reduce)').matches) {
      [this.x, this.y, this.k] = [x, y, k];
      this.rest();
      return;
    }
    const begin = performance.now();
    const step = (now) => {
      const share = Math.min(1, Math.max(0, (now - begin) / 220));
      const eased = 1 - (1 - share) ** 3;
      this.move(from.x + (x - from.x) * eased, from.y + (y - from.y) * eased, from.k + (k - from.k) * eased);
      if (share < 1) this.flight = requestAnimationFrame(step);
      else this.rest();
    };
    this.flight = requestAnimationFrame(step);
  }

  // Shows all of {left, top, right, bottom}.
  show(box, animate = true) {
    const margin = Math.min(48, this.width / 12);
    const k = Math.min(1.25, (this.width - 2 * margin) / Math.max(1, box.right - box.left),
                       (this.height - 2 * margin) / Math.max(1, box.bottom - box.top));
    const scale = Math.max(SMALLEST, k);
    const x = this.width / 2 - (box.left + box.right) / 2 * scale;
    const y = this.height / 2 - (box.top + box.bottom) / 2 * scale;
    if (animate) {
      this.fly(x, y, scale);
    } else {
      this.stop();
      [this.x, this.y, this.k] = [x, y, scale];
      this.rest();
    }
  }

  // Shows all of a box if that can be seen; of one that is much wider than high, its middle.
  showAtFirst(box) {
    const all = Math.min(this.width / (box.right - box.left), this.height / (box.bottom - box.top));
    const high = Math.min(0.5, this.height / (box.bottom - box.top));
    if (all > 0.25 || all > high / 2) {
      this.show(box, false);
    } else {
      const middle = (box.left + box.right) / 2, half = this.width / high / 2;
      this.show({...box, left: middle - half, right: middle + half}, false);
    }
  }

  // Brings a box into sight, large enough to read, with as little motion as will do.
  reveal(box) {
    const k = Math.max(this.k, 0.6);
    const left = box.left * k + this.x, top = box.top * k + this.y;
    const inSight = k === this.k && left > 24 && top > 24 &&
        box.right * k + this.x < this.width - 24 && box.bottom * k + this.y < this.height - 24;
    if (inSight) return;
    this.fly(this.width / 2 - (box.left + box.right) / 2 * k, this.height / 2 - (box.top + box.bottom) / 2 * k, k);
  }

  // Wheel, dragging and pinching. `onTap(x, y)`: a click, or a short touch, on the stage; `onMove(x,
  // y)`: the pointer is there without a button.
  listen(onTap, onMove) {
    const stage = this.stage;
    const place = (event) => {
      const box = stage.getBoundingClientRect();
      return {x: event.clientX - box.left, y: event.clientY - box.top};
    };
    stage.addEventListener('wheel', (event) => {
      event.preventDefault();
      const {x, y} = place(event);
      const lines = event.deltaMode === 0 ? event.deltaY : event.deltaY * 30;
      this.zoom(Math.exp(-Math.max(-240, Math.min(240, lines)) * (event.ctrlKey ? 0.01 : 0.0018)), x, y);
    }, {passive: false});

    const pointers = new Map();
    let start = null;  // of a gesture
    let moved = 0;     // how far from there it got
    stage.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      if (pointers.size === 0) [start, moved] = [place(event), 0];
      pointers.set(event.pointerId, place(event));
      stage.setPointerCapture(event.pointerId);
    });
    stage.addEventListener('pointermove', (event) => {
      const before = pointers.get(event.pointerId);
      const now = place(event);
      if (before === undefined) {
        onMove(now.x, now.y);
        return;
      }
      moved = Math.max(moved, Math.hypot(now.x - start.x, now.y - start.y));
      const other = [...pointers].find(([id]) => id !== event.pointerId);
      if (other !== undefined) {
        moved = Infinity;  // two fingers never tap
        const apart = (point) => Math.max(1, Math.hypot(point.x - other[1].x, point.y - other[1].y));
        this.zoom(apart(now) / apart(before), (now.x + other[1].x) / 2, (now.y + other[1].y) / 2);
        this.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
      } else if (moved > 4) {
        stage.classList.add('is-dragging');
        this.pan(now.x - before.x, now.y - before.y);
      } else {
        return;  // a trembling hand
      }
      pointers.set(event.pointerId, now);
    });
    const end = (event) => {
      if (!pointers.delete(event.pointerId)) return;
      stage.classList.remove('is-dragging');
      if (event.type === 'pointerup' && moved <= 4) {
        const {x, y} = place(event);
        onTap(x, y);
      }
    };
    stage.addEventListener('pointerup', end);
    stage.addEventListener('pointercancel', end);
  }
}
