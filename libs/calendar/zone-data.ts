/** Release of the time zone data that local dates are computed with, such as `2026a`: that of the runtime's ICU. */
export const zoneDataVersion: string = process.versions['tz'] ?? 'unknown';
