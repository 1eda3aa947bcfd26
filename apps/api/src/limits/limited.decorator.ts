import { SetMetadata } from '@nestjs/common';
import type { CallerLimit } from '#libs/config/index.js';

export const limitKey = 'cpor:limit';

/** Counts requests to this endpoint by another limit than `read` or `write`. */
export const Limited = (name: CallerLimit): MethodDecorator & ClassDecorator => SetMetadata(limitKey, name);
