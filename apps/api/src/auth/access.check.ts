import { Inject, Injectable, type OnModuleInit, RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { accessKey } from './access.decorator.js';

/** Aborts the start of an application that has an endpoint without an access rule. */
@Injectable()
export class AccessCheck implements OnModuleInit {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(MetadataScanner) private readonly scanner: MetadataScanner,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const undecided = this.discovery.getControllers().flatMap(({ metatype }) => (metatype ? this.undecidedOf(metatype as Type) : []));
    if (undecided.length > 0) throw new Error(`Endpoints without @Allow, @AllowAnyone or @Public:\n  ${undecided.join('\n  ')}`);
  }

  private undecidedOf(controller: Type): string[] {
    const prototype = controller.prototype as Record<string, () => unknown>;
    const names = this.scanner
      .getAllMethodNames(prototype)
      .filter((name) => Reflect.hasMetadata(PATH_METADATA, handlerOf(prototype, name)));
    return names
      .filter((name) => !this.reflector.getAllAndOverride(accessKey, [handlerOf(prototype, name), controller]))
      .map(
        (name) => `${RequestMethod[Reflect.getMetadata(METHOD_METADATA, handlerOf(prototype, name)) as number]} ${controller.name}.${name}`,
      );
  }
}

function handlerOf(prototype: Record<string, () => unknown>, name: string): () => unknown {
  const handler = prototype[name];
  if (!handler) throw new Error(`The handler ${name} is gone.`);
  return handler;
}
