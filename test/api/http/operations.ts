import { northwind } from '../../support/sample-directory.js';

export interface Parameter {
  name: string;
  in: string;
  required: boolean;
  schema: { format?: string; enum?: string[]; example?: string; type?: string };
}
/** An operation of the contract, at a path that can be called. */
export interface Operation {
  method: string;
  path: string;
  parameters: Parameter[];
  bodyTypes: string[];
}

/** An id of nothing. */
export const anyId = '0199f3a1-6a7e-4f2c-9d57-0c6f6f0f3b11';

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** Returns the operations of a contract, with ids of nothing in their paths but for the customer's. */
export function operationsOf(document: Record<string, any>): Operation[] {
  return Object.entries(document['paths'] as Record<string, Record<string, any>>).flatMap(([template, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      if (operation === undefined) return [];
      const path = template
        .replace('{tenantId}', northwind.tenantId)
        .replace(/\{(name|code|target|version|submission)\}/g, '1')
        .replace(/\{\w+\}/g, anyId);
      const bodyTypes = Object.keys((operation.requestBody?.content ?? {}) as object);
      return [{ method: method.toUpperCase(), path, parameters: (operation.parameters ?? []) as Parameter[], bodyTypes }];
    }),
  );
}
