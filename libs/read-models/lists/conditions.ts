/** Collects conditions and their parameters. */
export class Conditions {
  private readonly conditions: string[] = [];

  /** Conditions of one statement share its parameters. */
  constructor(readonly parameters: unknown[] = []) {}

  /** A place for a value. */
  parameter(value: unknown): string {
    return `$${this.parameters.push(value)}`;
  }

  add(condition: string): void {
    this.conditions.push(`(${condition})`);
  }

  /** One value is compared as such: only then does an index by it keep its order. */
  addAny(column: string, values: string[] | undefined): void {
    if (values === undefined) return;
    if (values.length === 1) this.add(`${column} = ${this.parameter(values[0])}`);
    else this.add(`${column} = ANY(${this.parameter(values)})`);
  }

  get sql(): string {
    return this.conditions.join(' AND ') || 'true';
  }
}
