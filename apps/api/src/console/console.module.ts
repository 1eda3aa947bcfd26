import { Module } from '@nestjs/common';
import { ConsoleController } from './console.controller.js';

/** The page of apps/console. Its scripts are registered with the server: see `console.files.ts`. */
@Module({ controllers: [ConsoleController] })
export class ConsoleModule {}
