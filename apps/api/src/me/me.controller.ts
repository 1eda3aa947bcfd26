import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/auth/index.js';
import { AllowAnyone, CurrentPrincipal } from '../auth/access.decorator.js';
import { Documented } from '../http/documentation.js';
import { MeReader } from './me.reader.js';
import { Me } from './me.view.js';

@ApiTags('people')
@Controller('v1/me')
export class MeController {
  constructor(private readonly reader: MeReader) {}

  @Get()
  @AllowAnyone()
  @Documented({
    summary: 'Read who you are here',
    description:
      'The roles and permissions of the caller, what the roles extend to, and how many requests the caller may make. A caller without any role gets empty lists. Names come from the customer directory; they are null while it does not answer.',
    answers: { 200: Me },
  })
  get(@CurrentPrincipal() principal: Principal) {
    return this.reader.read(principal);
  }
}
