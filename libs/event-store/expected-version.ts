/** What a sender expects of the resource that it changes: that it exists, or that it is at one of these versions. */
export type ExpectedVersion = 'any' | readonly number[];

/** Returns whether a resource is as expected. Its version is undefined when there is none. */
export const isExpected = (expected: ExpectedVersion, version: number | undefined): boolean =>
  version !== undefined && (expected === 'any' || expected.includes(version));
