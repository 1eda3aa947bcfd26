import { Module } from '@nestjs/common';
import { ConsoleController } from './console.controller.js';
import { EvidenceViewerController } from './evidence-viewer.controller.js';

/** The page of apps/console, and the one that draws evidence within it. Its scripts are registered with the server: see `console.files.ts`. */
@Module({ controllers: [EvidenceViewerController, ConsoleController] })
export class ConsoleModule {}
