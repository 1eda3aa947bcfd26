import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { ClaimEngine, type ClaimProcess } from '#libs/engine/index.js';
import { Problem } from '#libs/problems/index.js';
import { Phase, waitingOf, WaitingView } from '#libs/read-models/index.js';
import { workflowIds } from '../../../../temporal.config.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { CommandService } from '../commands/command.service.js';
import { Documented } from '../http/documentation.js';
import { claimReference } from '../http/claim-reference.schema.js';

const Process = z
  .object({
    claimId: z.string(),
    phase: Phase,
    waiting: z.array(WaitingView).describe('What the claim waits for, from the database.'),
    workflowId: z.string(),
    workflowUrl: z
      .string()
      .nullable()
      .describe("The workflow in the web UI of Temporal; null for readers who are not the vendor's, and where TEMPORAL_UI_URL is not set."),
    workflow: z
      .object({
        runStatus: z.string(),
        historyEvents: z.int().min(0).max(1_000_000),
        view: z.unknown().describe("The workflow's answer to the query `claimProcess`."),
        retrying: z.array(z.object({ step: z.string(), attempt: z.int().min(1).max(1_000_000), error: z.string().nullable() })),
      })
      .nullable()
      .describe('Null if the claim has no workflow: it is a draft, or its history has expired.'),
  })
  .meta({ id: 'ClaimProcess' });

@ApiTags('claims')
@Controller('v1/claims/:claimId/process')
export class ProcessController {
  constructor(
    private readonly commands: CommandService,
    private readonly engine: ClaimEngine,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  @Get()
  @Allow('claims.process')
  @Documented({
    summary: "Query the claim's workflow",
    description: 'What the workflow waits for, and which step is being retried after which error. 503 if no worker answers.',
    answers: { 200: Process },
  })
  async get(@CurrentScope() scope: Scope, @Param('claimId', { schema: claimReference }) sent: string) {
    const claim = await this.commands.find(scope, sent);
    const { claimId } = claim;
    const workflow = await this.ask(claimId);
    const workflowId = workflowIds.claim(claimId);
    const workflowUrl = scope.kind === 'everything' ? this.urlOf(workflowId) : null;
    return { claimId, phase: claim.position.phase, waiting: waitingOf(claim), workflowId, workflowUrl, workflow };
  }

  private urlOf(workflowId: string): string | null {
    const { uiUrl, namespace } = this.config.temporal;
    return uiUrl && `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
  }

  private ask(claimId: string): Promise<ClaimProcess | null> {
    return this.engine.process(claimId).catch((cause: unknown) => {
      const detail = 'The workflow cannot be queried because Temporal or its worker does not answer. The claim itself can still be read.';
      throw new Problem('service_unavailable', { detail, headers: { 'Retry-After': '5' }, cause });
    });
  }
}
