import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { AssociationChangesController } from './association-changes.controller.js';
import { AssociationReader } from './association.reader.js';
import { AssociationsController } from './associations.controller.js';

/** Lists associations; transfers, ends and checks them. */
@Module({
  imports: [CommandsModule],
  controllers: [AssociationsController, AssociationChangesController],
  providers: [AssociationReader],
})
export class AssociationsModule {}
