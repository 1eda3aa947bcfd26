import { z } from 'zod';

/** The `lang` of a page's address. Anything but a single value is ignored. */
export const Language = z.string().optional().catch(undefined);
