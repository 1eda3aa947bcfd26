import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Scope } from '#libs/auth/index.js';
import { Allow, CurrentScope } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { DeliveryReader } from './delivery.reader.js';
import { DeliveryList, DeliveryQuery } from './delivery.view.js';

@ApiTags('operations')
@Controller('v1/deliveries')
export class DeliveriesController {
  constructor(private readonly reader: DeliveryReader) {}

  @Get()
  @Allow('reports.operations')
  @Documented({
    summary: 'List mails that are retried, held or were given up',
    description:
      'Notices and letters with the error of their last attempt, those whose trouble began last first. A mail that goes through leaves the list. Of the recipient only the domain is shown.',
    answers: { 200: DeliveryList },
  })
  list(@CurrentScope() scope: Scope, @Query({ schema: DeliveryQuery }) query: DeliveryQuery) {
    return this.reader.list(scope, query);
  }
}
