// The operations of the API, as every client of it gets them.
export * from '@cpor/client/operations';
