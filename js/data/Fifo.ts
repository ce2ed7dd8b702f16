/** First in, first out. Taking one costs the same however many wait: `Array.shift` of Hermes moves all the others. */
export class Fifo<T> {
  private items: Array<T | undefined> = [];
  private next = 0;

  /** How many wait. */
  get length(): number {
    return this.items.length - this.next;
  }

  /** The oldest, which stays. */
  get first(): T | undefined {
    return this.items[this.next];
  }

  push(item: T): void {
    this.items.push(item);
  }

  /** Takes the oldest. */
  shift(): T | undefined {
    const { items, next } = this;
    if (next === items.length) return undefined;
    const item = items[next];
    items[next] = undefined;
    this.next = next + 1;
    if (this.next === items.length) this.clear();
    // What was taken is dropped when it is the larger part: each item is moved once, on average.
    else if (this.next >= 1024 && this.next * 2 > items.length) {
      this.items = items.slice(this.next);
      this.next = 0;
    }
    return item;
  }

  clear(): void {
    this.items = [];
    this.next = 0;
  }
}
