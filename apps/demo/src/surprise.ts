/** Something unexpected happened: the demo stops and exits with 1. */
export class Surprise extends Error {
  override readonly name = 'Surprise';
}

/** @throws Surprise unless the expectation holds. */
export function expectThat(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Surprise(otherwise);
}

/** Repeats a request until its answer fits. @throws Surprise after 30 seconds. */
export async function eventually<Answer>(what: string, ask: () => Promise<Answer>, fits: (answer: Answer) => boolean): Promise<Answer> {
  const limitMs = 30_000;
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > end)
      throw new Surprise(`${what}: still not so after ${limitMs / 1000} s. Last answer: ${JSON.stringify(answer).slice(0, 400)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
