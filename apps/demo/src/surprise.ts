/** The story did not go as told: the demo ends with an exit code other than 0. */
export class Surprise extends Error {
  override readonly name = 'Surprise';
}

/** Goes on only if what was seen is what the story says. */
export function expectThat(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new Surprise(otherwise);
}

/** Asks until the answer fits, within a limit. */
export async function eventually<Answer>(what: string, ask: () => Promise<Answer>, fits: (answer: Answer) => boolean): Promise<Answer> {
  const limitMs = 30_000;
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > end) throw new Surprise(`${what}: not within ${limitMs / 1000} s. Last seen: ${JSON.stringify(answer).slice(0, 400)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
