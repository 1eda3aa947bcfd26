import { Module } from '@nestjs/common';
import { SandboxController } from './sandbox.controller.js';
import { SandboxService } from './sandbox.service.js';

/** Moves the clock and loads sample data; imported in sandbox mode only. */
@Module({
  controllers: [SandboxController],
  providers: [SandboxService],
})
export class SandboxModule {}
