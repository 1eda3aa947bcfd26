import { Module } from '@nestjs/common';
import { MembersController } from './members.controller.js';
import { MembersService } from './members.service.js';

/** Roles and locations that a partner's account admin assigns to its people. */
@Module({
  controllers: [MembersController],
  providers: [MembersService],
})
export class MembersModule {}
