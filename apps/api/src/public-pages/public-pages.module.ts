import { Module } from '@nestjs/common';
import { ExplanationController } from './explanation.controller.js';
import { ExplanationReader } from './explanation.reader.js';
import { StartController } from './start.controller.js';

/** Pages that are the same for everyone: the start page and what customers are told about programmes. */
@Module({ controllers: [StartController, ExplanationController], providers: [ExplanationReader] })
export class PublicPagesModule {}
