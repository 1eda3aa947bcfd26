import { Clock1796000000001 } from './1796000000001-clock.js';
import { Programmes1796000000002 } from './1796000000002-programmes.js';
import { Directory1796000000003 } from './1796000000003-directory.js';
import { Search1796000000004 } from './1796000000004-search.js';
import { Claims1796000000005 } from './1796000000005-claims.js';
import { ClaimCounts1796000000006 } from './1796000000006-claim-counts.js';
import { People1796000000007 } from './1796000000007-people.js';
import { Commands1796000000008 } from './1796000000008-commands.js';
import { Events1796000000009 } from './1796000000009-events.js';
import { EventFeed1796000000010 } from './1796000000010-event-feed.js';
import { AuditTrail1796000000011 } from './1796000000011-audit-trail.js';
import { Associations1796000000012 } from './1796000000012-associations.js';
import { Mails1796000000013 } from './1796000000013-mails.js';
import { Evidence1796000000014 } from './1796000000014-evidence.js';
import { Imports1796000000015 } from './1796000000015-imports.js';
import { Usage1796000000016 } from './1796000000016-usage.js';
import { AccessLog1796000000017 } from './1796000000017-access-log.js';
import { Retention1796000000018 } from './1796000000018-retention.js';
import { Health1796000000019 } from './1796000000019-health.js';
import { Sessions1796000000020 } from './1796000000020-sessions.js';
import { Members1796000000021 } from './1796000000021-members.js';
import { Reviewers1796000000022 } from './1796000000022-reviewers.js';
import { ImportLists1796000000023 } from './1796000000023-import-lists.js';
import { Deliveries1796000000024 } from './1796000000024-deliveries.js';
import { AccessLogHead1796000000025 } from './1796000000025-access-log-head.js';
import { FoldedStates1796000000026 } from './1796000000026-folded-states.js';
import { AssociationClocks1796000000030 } from './1796000000030-association-clocks.js';
import { FeedOfAllChanges1796000000031 } from './1796000000031-feed-of-all-changes.js';
import { Webhooks1796000000032 } from './1796000000032-webhooks.js';
import { ClaimUpdates1796000000033 } from './1796000000033-claim-updates.js';
import { DirectoryCountry1796000000036 } from './1796000000036-directory-country.js';
import { RateLimits1796000000037 } from './1796000000037-rate-limits.js';
import { Signatures1796000000038 } from './1796000000038-signatures.js';
import { ClockMoves1796000000040 } from './1796000000040-clock-moves.js';
import { Snapshots1796000000041 } from './1796000000041-snapshots.js';
import { EvidenceQuarantine1796000000042 } from './1796000000042-evidence-quarantine.js';
import { HeldMails1796000000045 } from './1796000000045-held-mails.js';

/** In the order in which they are applied: a migration may refer to the tables of those before it. */
export const migrations = [
  Clock1796000000001,
  Programmes1796000000002,
  Directory1796000000003,
  Search1796000000004,
  Claims1796000000005,
  ClaimCounts1796000000006,
  People1796000000007,
  Commands1796000000008,
  Events1796000000009,
  EventFeed1796000000010,
  AuditTrail1796000000011,
  Associations1796000000012,
  Mails1796000000013,
  Evidence1796000000014,
  Imports1796000000015,
  Usage1796000000016,
  AccessLog1796000000017,
  Retention1796000000018,
  Health1796000000019,
  Sessions1796000000020,
  Members1796000000021,
  Reviewers1796000000022,
  ImportLists1796000000023,
  Deliveries1796000000024,
  AccessLogHead1796000000025,
  FoldedStates1796000000026,
  AssociationClocks1796000000030,
  FeedOfAllChanges1796000000031,
  Webhooks1796000000032,
  ClaimUpdates1796000000033,
  DirectoryCountry1796000000036,
  RateLimits1796000000037,
  Signatures1796000000038,
  ClockMoves1796000000040,
  Snapshots1796000000041,
  EvidenceQuarantine1796000000042,
  HeldMails1796000000045,
];
