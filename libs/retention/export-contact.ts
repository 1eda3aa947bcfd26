import { v7 as uuidV7 } from 'uuid';
import type { Queryable } from './erasure-report.js';
import type { ExportedItem } from './exported-item.js';
import { idsOf, personRows, subjectsOf } from './personal-data-search.js';
import { personalPlaces } from './personal-places.js';

const pageSize = 200;

/** Whose data is exported. The subject at the identity provider finds what the person wrote and read when signed in. */
export interface ExportedPerson {
  email: string;
  subject?: string | undefined;
}

/**
 * Exports everything held about a person under an email address (GDPR article 15), as one JSON document in chunks of any total length:
 * the contents of all personal places, earlier exports, and the usage that the person read or requested. Records who made the export.
 */
export async function* exportContact(source: Queryable, person: ExportedPerson, by: string): AsyncGenerator<string> {
  const [clock] = await source.query<[{ now: Date }]>('SELECT cpor_now() AS now');
  yield `{"exportedAt":${JSON.stringify(clock.now.toISOString())},"items":[`;
  let isFirst = true;
  for await (const items of exportedItems(source, person, by)) {
    if (items.length === 0) continue;
    yield `${isFirst ? '' : ','}${items.map((item) => JSON.stringify(item)).join(',\n')}\n`;
    isFirst = false;
  }
  yield ']}\n';
}

async function* exportedItems(source: Queryable, person: ExportedPerson, by: string): AsyncGenerator<ExportedItem[]> {
  const wanted = { email: person.email, subjects: subjectsOf(person) };
  const exportId = uuidV7();
  let part = 0;
  const recordPart = (personIds: string[]) =>
    source.query('INSERT INTO contact_exports (export_id, part, person_ids, exported_by) VALUES ($1, $2, $3, $4)', [
      exportId,
      part++,
      personIds,
      by,
    ]);
  for await (const persons of personRows(source, person.email, pageSize)) {
    for (const place of personalPlaces) if (place.exportForContacts) yield await place.exportForContacts(source, persons);
    yield await accesses(source, idsOf(persons));
    await recordPart(idsOf(persons));
  }
  for await (const items of usageAccesses(source, wanted.subjects)) {
    await recordPart([]);
    yield items;
  }
  for (const { exportForPerson } of personalPlaces) {
    const found = exportForPerson?.(source, wanted) ?? Promise.resolve([]);
    for await (const items of 'then' in found ? [await found] : found) {
      if (items.length === 0) continue;
      await recordPart([]);
      yield items;
    }
  }
}

function accesses(database: Queryable, personIds: string[]): Promise<ExportedItem[]> {
  return database.query(
    `SELECT 'access' AS type, 'export' AS what, export_id AS "exportId", exported_at AS "at", exported_by AS "by"
     FROM contact_exports WHERE person_ids && $1::uuid[] ORDER BY exported_at, export_id, part`,
    [personIds],
  );
}

/** Usage that was read, exported or refused under a subject, one item per request. $1 subjects, $2 the last request seen, $3 page size. */
const usageAccessesSql = `
  SELECT 'usage_access' AS type, * FROM (
    SELECT access_id AS "accessId", min(at) AS at, min(kind) AS kind, subject, partner_account_id AS "partnerAccountId", set_name AS set,
      min(from_month)::text AS "fromMonth", max(to_month)::text AS "toMonth", count(DISTINCT association_id)::int AS associations,
      sum(row_count)::int AS rows
    FROM access_entries WHERE subject = ANY ($1) AND kind <> 'refused' AND access_id > $2
    GROUP BY access_id, subject, partner_account_id, set_name
    UNION ALL
    SELECT refusal_id, at, 'refused', subject, partner_account_id, set_name, from_month::text, to_month::text, 0, 0
    FROM usage_refusals WHERE subject = ANY ($1) AND refusal_id > $2
  ) accesses ORDER BY "accessId" LIMIT $3`;

async function* usageAccesses(database: Queryable, subjects: string[]): AsyncGenerator<ExportedItem[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const items = await database.query<(ExportedItem & { accessId: string })[]>(usageAccessesSql, [subjects, after, pageSize]);
    if (items.length === 0) return;
    yield items;
    after = items.at(-1)!.accessId;
  }
}
