/** Parameters of a statement, in the order in which they were added. */
export class SqlParameters {
  readonly values: unknown[] = [];

  /** Adds a parameter and returns its placeholder. */
  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}
