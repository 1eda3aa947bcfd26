import { Loading, ProblemNotice } from '../feedback/index.js';
import { SignatureCard } from './signature-card.js';
import { useSignatures } from './use-signatures.js';

/** Evidence that the customer signed here: there is no file, but a text with a signature and a receipt. */
export function SignedStatement({ claimId, signatureId }: { claimId: string; signatureId: string }) {
  const found = useSignatures(claimId);
  const signature = found.data?.find((each) => each.signatureId === signatureId);
  if (signature !== undefined) return <SignatureCard claimId={claimId} signature={signature} />;
  return found.error ? <ProblemNotice error={found.error} onRetry={() => void found.refetch()} /> : <Loading />;
}
