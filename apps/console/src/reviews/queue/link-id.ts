/** The element id of a claim's link in the queue. */
export const linkId = (claimId: string): string => `review-${claimId}`;
