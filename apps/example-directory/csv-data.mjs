import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

/** @import { DataSource } from './look-up.mjs' */
/** @typedef {Record<string, any>} Row */

/** Columns that are not text. A list is separated by `;`; an empty date or ID is null. */
const readers = {
  list: ['domains', 'workloads'],
  flag: ['isPublicSector', 'isAgreementActive', 'isProfileComplete'],
  optional: ['validUntil', 'provisionedOn', 'endsOn', 'graceEndsOn', 'successorId'],
};

/**
 * Reads the facts from CSV files. A file that has changed is read again, because facts must be current.
 * @implements {DataSource}
 */
export class CsvData {
  /** @type {Map<string, { stamp: string, index: Map<string, Row[]> }>} */
  #tables = new Map();
  #folder;

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  location = (/** @type {string} */ partnerId) => this.#one('locations', 'partnerId', partnerId);
  locationsOf = (/** @type {string} */ accountId) => this.#all('locations', 'globalAccountId', accountId);
  enrolmentsOf = (/** @type {string} */ partnerId) => this.#all('enrolments', 'partnerId', partnerId);
  tenant = (/** @type {string} */ tenantId) => this.#one('tenants', 'tenantId', tenantId);
  adminsOf = (/** @type {string} */ tenantId) => this.#all('admins', 'tenantId', tenantId);
  subscription = (/** @type {string} */ subscriptionId) => this.#one('subscriptions', 'subscriptionId', subscriptionId);
  subscriptionsOf = (/** @type {string} */ tenantId) => this.#all('subscriptions', 'tenantId', tenantId);
  isOrder = async (/** @type {string} */ orderId) => (await this.#one('orders', 'orderId', orderId)) !== null;

  /**
   * @param {string} table
   * @param {string} column
   * @param {string} value
   * @returns {Promise<any>}
   */
  async #one(table, column, value) {
    return (await this.#all(table, column, value))[0] ?? null;
  }

  /**
   * @param {string} table
   * @param {string} column
   * @param {string} value
   * @returns {Promise<any[]>}
   */
  async #all(table, column, value) {
    const path = join(this.#folder, `${table}.csv`);
    const { mtimeMs, size } = await stat(path);
    const stamp = `${mtimeMs} ${size}`;
    const key = `${table} ${column}`;
    const known = this.#tables.get(key);
    if (known?.stamp === stamp) return known.index.get(value) ?? [];
    const index = Map.groupBy(readRows(await readFile(path, 'utf8')), (row) => String(row[column]));
    this.#tables.set(key, { stamp, index });
    return index.get(value) ?? [];
  }
}

/**
 * @param {string} text
 * @returns {Row[]}
 */
function readRows(text) {
  /** @type {Row[]} */
  const rows = parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, readCell(column, cell)])));
}

/**
 * @param {string} column
 * @param {string} cell
 */
function readCell(column, cell) {
  if (readers.list.includes(column)) return cell === '' ? [] : cell.split(';').map((item) => item.trim());
  if (readers.flag.includes(column)) return cell === 'true';
  if (readers.optional.includes(column) && cell === '') return null;
  return cell;
}
