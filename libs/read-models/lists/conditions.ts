/** Collects the conditions of a statement and their parameters. */
export class Conditions {
  private readonly conditions: string[] = [];

  /** Pass the parameters of another instance to add to the same statement. */
  constructor(readonly parameters: unknown[] = []) {}

  /** Adds a parameter and returns its placeholder. */
  parameter(value: unknown): string {
    return `$${this.parameters.push(value)}`;
  }

  add(condition: string): void {
    this.conditions.push(`(${condition})`);
  }

  /** Adds a condition that a column has one of some values. A single value is compared with `=`, so that an index can keep the order. */
  addAny(column: string, values: string[] | undefined): void {
    if (values === undefined) return;
    if (values.length === 1) this.add(`${column} = ${this.parameter(values[0])}`);
    else this.add(`${column} = ANY(${this.parameter(values)})`);
  }

  get sql(): string {
    return this.conditions.join(' AND ') || 'true';
  }
}
