/**
 * SQL that derives columns and tables from the claims' states, independently of the code that maintains them: tests compare the two, and
 * the bench fills what its bulk load leaves out.
 */

/** Computes the list columns of every claim that has a state. */
export const listColumnsSql = `
  UPDATE claims c SET
    area = d ->> 'area',
    domain = coalesce(lower(d ->> 'domain'), ''),
    products = ARRAY(SELECT DISTINCT l ->> 'product' FROM jsonb_array_elements(lines) l ORDER BY 1),
    activities = ARRAY(SELECT DISTINCT a FROM jsonb_array_elements(lines) l, jsonb_array_elements_text(l -> 'activities') a ORDER BY 1),
    tags = ARRAY(SELECT DISTINCT t FROM jsonb_array_elements_text(d -> 'tags') t ORDER BY 1),
    reasons = ARRAY(
      SELECT l -> 'rejection' ->> 'reason' FROM jsonb_array_elements(lines) l WHERE l -> 'rejection' ->> 'reason' IS NOT NULL
      UNION SELECT r FROM jsonb_array_elements(state -> 'requests') q, jsonb_array_elements_text(q -> 'reasons') r ORDER BY 1),
    due_at = (SELECT min((k -> 'deadline' ->> 'dueAt')::timestamptz) FROM jsonb_array_elements(clocks) k WHERE is_open),
    due_clock = (SELECT k ->> 'clock' FROM jsonb_array_elements(clocks) k WHERE is_open ORDER BY k -> 'deadline' ->> 'dueAt' LIMIT 1),
    is_breached = EXISTS (SELECT FROM jsonb_array_elements(clocks) k WHERE is_open AND (k ->> 'isBreached')::boolean),
    review_due_at = (
      SELECT coalesce(
        (SELECT min((k -> 'deadline' ->> 'dueAt')::timestamptz) FROM jsonb_array_elements(clocks) k
          WHERE k ->> 'clock' IN ('K1', 'K2', 'K3', 'K8')),
        min((w ->> 'since')::timestamptz))
      FROM jsonb_array_elements(position -> 'waiting') w WHERE w ->> 'mover' = 'reviewer' HAVING count(*) > 0),
    barred_reviewers = ARRAY(
      SELECT jsonb_array_elements_text(state -> 'partnerSubjects')
      UNION SELECT min(l -> 'rejection' ->> 'by') FROM jsonb_array_elements(position -> 'waiting') w, jsonb_array_elements(w -> 'lines') n
        JOIN jsonb_array_elements(lines) l ON l -> 'line' = n WHERE w ->> 'mover' = 'reviewer'
        HAVING bool_and(l ->> 'phase' = 'disputed') AND count(DISTINCT l -> 'rejection' ->> 'by') = 1 ORDER BY 1),
    reviewer = CASE WHEN EXISTS (SELECT FROM jsonb_array_elements(lines) l WHERE l ->> 'phase' = 'under_review') THEN state ->> 'reviewer' END,
    customer_name = coalesce((
      SELECT a.facts -> 'tenant' ->> 'name' FROM directory_answers a
      WHERE a.claim_id = c.claim_id AND a.facts -> 'tenant' ->> 'tenantId' = c.tenant_id AND EXISTS (
        SELECT FROM jsonb_array_elements_text(a.facts -> 'tenant' -> 'domains') known WHERE '.' || (d ->> 'domain') LIKE '%.' || known)
      ORDER BY a.asked_at DESC LIMIT 1), '')
  FROM (SELECT claim_id, state -> 'details' AS d, state -> 'lines' AS lines, state -> 'clocks' AS clocks FROM claims) s
  WHERE s.claim_id = c.claim_id AND c.state IS NOT NULL`;

/** Marks the claims that compete: another partner claims or holds the target of one of their lines. */
export const competitionSql = `
  WITH asked AS (
    SELECT claim_id, target, partner_account_id FROM claim_lines l JOIN claims USING (claim_id)
    WHERE l.phase IN ('submitted', 'under_review', 'action_required', 'disputed', 'consent_pending')
  ), wanted AS (
    SELECT target, partner_account_id FROM asked
    UNION ALL SELECT target, partner_account_id FROM associations WHERE ended_at IS NULL
  ), competing AS (
    SELECT DISTINCT claim_id FROM asked
    JOIN (SELECT target FROM wanted GROUP BY target HAVING count(DISTINCT partner_account_id) > 1) contested USING (target)
  )
  UPDATE claims c SET is_competing = NOT is_competing WHERE is_competing <> (claim_id IN (SELECT claim_id FROM competing))`;

/** Collects the words by which claims are searched, except numbers, each of which belongs to one claim. */
export const knownWordsSql = `
  INSERT INTO known_words SELECT DISTINCT word FROM claims, unnest(tsvector_to_array(words)) word WHERE word ~ '[^0-9]' ON CONFLICT DO NOTHING`;

export const claimCountsSql = `
  INSERT INTO claim_counts SELECT partner_account_id, partner_id, phase, count(*) FROM claims WHERE version > 0 GROUP BY 1, 2, 3`;
