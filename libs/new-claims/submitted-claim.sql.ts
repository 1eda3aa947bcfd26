import { prepared } from '#libs/event-store/index.js';

/** Selects the next readable number: six digits, or more once those are used up. */
export const numberSql = `SELECT 'CLM-' || lpad(n::text, greatest(6, length(n::text)), '0') AS number FROM nextval('claim_numbers') AS n`;

/**
 * Stores a new claim with everything that was sent, in one round trip and one commit: commands in their order, people, evidence, the
 * directory's answer. Stores nothing, and returns no row, when the claim exists already.
 * $1 claim, $2 account, $3 actor, $4 commands, $5 people, $6 directory answer or null, $7 files.
 */
export const insertSubmittedClaimSql = prepared(`
  WITH number AS (${numberSql}),
  claim AS (
    INSERT INTO claims (claim_id, number, partner_account_id) SELECT $1::uuid, number, $2 FROM number
    ON CONFLICT (claim_id) DO NOTHING RETURNING claim_id, number
  ),
  sent AS (
    SELECT s.* FROM claim, ROWS FROM (jsonb_to_recordset($4::jsonb) AS ("commandId" uuid, type text, body jsonb, fingerprint text))
      WITH ORDINALITY AS s("commandId", type, body, fingerprint, place)
  ),
  commands AS (
    INSERT INTO claim_commands (command_id, claim_id, type, actor, body, fingerprint, received_at)
    SELECT "commandId", claim_id, type, $3::jsonb,
      CASE WHEN type = 'draftClaim' THEN jsonb_set(body, '{number}', to_jsonb(number)) ELSE body END, fingerprint, cpor_now()
    FROM sent, claim ORDER BY place
    RETURNING command_id, type, received_at
  ),
  people AS (
    INSERT INTO personal_data (person_id, claim_id, kind, content)
    SELECT "personId", claim_id, kind, content FROM claim, jsonb_to_recordset($5::jsonb) AS p("personId" uuid, kind text, content jsonb)
    ON CONFLICT (person_id) DO NOTHING
  ),
  answers AS (
    INSERT INTO directory_answers (claim_id, command_id, asked_at, facts)
    SELECT claim_id, "commandId", ($6::jsonb ->> 'askedAt')::timestamptz, $6::jsonb
    FROM claim, sent WHERE type IN ('draftClaim', 'submitClaim') AND $6::jsonb IS NOT NULL
  ),
  files AS (
    INSERT INTO evidence_files (id, claim_id, sha256, media_type, file_name, size_bytes, content, signed_on, uploaded_by, scan_result)
    SELECT id, claim_id, sha256, "mediaType", "fileName", length(content), content, "signedOn", $3::jsonb ->> 'subject', "scanResult"
    FROM claim, jsonb_to_recordset($7::jsonb)
      AS f(id uuid, sha256 text, "mediaType" text, "fileName" text, "signedOn" date, "scanResult" text, "contentBase64" text),
      decode("contentBase64", 'base64') AS content
  )
  SELECT command_id AS "commandId", received_at AS "receivedAt" FROM commands WHERE type = 'submitClaim'`);
