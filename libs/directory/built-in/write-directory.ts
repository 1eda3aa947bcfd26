import { type Queryable, rowsOf } from '../queryable.js';
import { type DirectoryTable, type DirectoryTableName, directoryTables } from './directory-tables.js';

/** A row with the columns that an import states. The others keep their values, or get their defaults in a new row. */
export type GivenRow = Record<string, string | number | boolean | null>;
export type GivenRows = Partial<Record<DirectoryTableName, GivenRow[]>>;

/** Which rows that the import does not state are removed: none, those of its tenants and locations, or all of the tables that it states. */
export type Removal = 'none' | 'of_owners' | 'all';

/** What happened, or would happen, to the rows of one table. */
export interface TableChanges {
  /** Such as `subscriptions`. */
  label: string;
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
}

/** Tables whose rows a document lists for each of its tenants and locations. Subscriptions and orders it may list in part. */
const listedByOwner: DirectoryTableName[] = [
  'directory_enrolments',
  'directory_tenant_domains',
  'directory_tenant_admins',
  'directory_tenant_workloads',
];

/** Writes rows in one statement, which is a transaction of its own on any connection, and returns the changes of each table that it concerned. */
export async function writeDirectory(database: Queryable, given: GivenRows, removal: Removal): Promise<TableChanges[]> {
  const parameters = directoryTables.map(({ name }) => JSON.stringify(given[name] ?? []));
  const counts = rowsOf<Record<string, number>>(await database.query(writeSql(given, removal), parameters))[0] ?? {};
  return directoryTables.flatMap(({ name, label }) => {
    const [added = 0, changed = 0, removed = 0] = [counts[`${name}_added`], counts[`${name}_changed`], counts[`${name}_removed`]];
    const changes = { label, added, changed, removed, unchanged: (given[name]?.length ?? 0) - added - changed };
    return given[name] === undefined && removed === 0 ? [] : [changes];
  });
}

// Every part of the statement sees the same snapshot, and foreign keys are checked at its end.
function writeSql(given: GivenRows, removal: Removal): string {
  const counts = directoryTables.map(
    ({ name }) => `
      (select count(*) from ${name}_written where is_new)::integer as ${name}_added,
      (select count(*) from ${name}_written where not is_new)::integer as ${name}_changed,
      (select count(*) from ${name}_removed)::integer as ${name}_removed`,
  );
  return `with ${directoryTables.flatMap((table, index) => [...writtenSql(table, index), removedSql(table, given, removal)]).join(',\n')}
    select ${counts.join(',')}`;
}

function writtenSql({ name, key, columns, defaults = {}, kept = {} }: DirectoryTable, index: number): string[] {
  const all = Object.keys(columns);
  const typed = (column: string) => `(g.row ->> '${column}')::${columns[column]}`;
  const wanted = all.map((column) => {
    if (key.includes(column)) return `${typed(column)} as ${column}`;
    const otherwise = `coalesce(${kept[column] ?? `t.${column}`}, ${defaults[column] ?? 'null'})`;
    return `case when g.row ? '${column}' then ${typed(column)} else ${otherwise} end as ${column}`;
  });
  const values = all.filter((column) => !key.includes(column));
  const excluded = values.map((column) => `excluded.${column}`).join(', ');
  const conflict =
    values.length === 0
      ? 'do nothing'
      : `do update set (${values.join(', ')}) = row(${excluded}) where (${values.map((column) => `t.${column}`).join(', ')}) is distinct from (${excluded})`;
  return [
    `${name}_given as (select g.row, ${key.map((column) => `${typed(column)} as ${column}`).join(', ')}
      from jsonb_array_elements($${index + 1}::jsonb) as g(row))`,
    `${name}_written as (
      insert into ${name} as t (${all.join(', ')})
      select ${wanted.join(', ')} from ${name}_given g left join ${name} t using (${key.join(', ')})
      on conflict (${key.join(', ')}) ${conflict} returning xmax = 0 as is_new)`,
  ];
}

function removedSql({ name, key, owner }: DirectoryTable, given: GivenRows, removal: Removal): string {
  const reasons = [
    ...(removal === 'all' && given[name] !== undefined ? ['true'] : []),
    ...(removal === 'of_owners' && listedByOwner.includes(name)
      ? [`t.${owner!.key} in (select ${owner!.key} from ${owner!.table}_given)`]
      : []),
    // Rows go with their owner, unless the import gives them another one.
    ...(removal === 'all' && owner !== undefined ? [`t.${owner.key} in (select ${owner.key} from ${owner.table}_removed)`] : []),
  ];
  if (reasons.length === 0) return `${name}_removed as (select 1 where false)`;
  const isGiven = `(${key.map((column) => `t.${column}`).join(', ')}) in (select ${key.join(', ')} from ${name}_given)`;
  return `${name}_removed as (delete from ${name} t where (${reasons.join(' or ')}) and not ${isGiven} returning ${key.map((column) => `t.${column}`).join(', ')})`;
}
