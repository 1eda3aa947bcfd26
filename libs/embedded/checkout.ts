import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, three levels above the compiled code. */
export const checkoutRoot = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** The Temporal binary, or a link to it, as set-up provides it. */
export const temporalBinary = `${checkoutRoot}/.tools/temporal`;

/** Temporal's production server and its tool for schemas. Only `npm run setup -- --only temporal-server` provides them. */
export const temporalServerBinary = `${checkoutRoot}/.tools/bin/temporal-server`;
export const temporalSqlTool = `${checkoutRoot}/.tools/bin/temporal-sql-tool`;

interface TemporalPins {
  version: string;
}

/** Returns the pinned version of the Temporal CLI. It cannot read the database file of another version, so the file's name contains the version. */
export function temporalVersion(): string {
  const pins = JSON.parse(readFileSync(`${checkoutRoot}/tools/temporal/pins.json`, 'utf8')) as TemporalPins;
  return pins.version;
}
