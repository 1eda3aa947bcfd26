// The first match counts: every browser claims to be several others.
const browsers: [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Headless)?Chrom(e|ium)\/|\bCriOS\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*Safari\//, 'Safari'],
];

const systems: [RegExp, string][] = [
  [/\b(iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/** Names browser and system of a User-Agent header, coarsely enough to recognise one's own device and no more. */
export function browserName(userAgent: string | undefined): string {
  const nameIn = (list: [RegExp, string][], otherwise: string) =>
    list.find(([pattern]) => pattern.test((userAgent ?? '').slice(0, 1_000)))?.[1] ?? otherwise;
  return `${nameIn(browsers, 'Unknown browser')} on ${nameIn(systems, 'unknown system')}`;
}
