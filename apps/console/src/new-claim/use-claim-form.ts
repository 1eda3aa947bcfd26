import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiProblem, call, isProblem, newKey } from '../api/index.js';
import { type AcceptedOperation, type Claim, claimsCreate, claimsEdit, claimsGet, submissionsSubmit } from '../client/index.js';
import { changesOf, type ClaimForm, formOf, isChanged, mergeForms, type Merge, newClaimOf } from './claim-form.js';

export interface Conflict extends Merge {
  theirs: ClaimForm;
}

export interface ClaimFormState {
  form: ClaimForm;
  /** The saved claim; undefined until the first save. */
  saved: Claim | undefined;
  problem: ApiProblem | null;
  /** Refusals by JSON Pointer. */
  errors: Record<string, string>;
  conflict: Conflict | null;
  isSaving: boolean;
  isDirty: () => boolean;
  set: (changes: Partial<ClaimForm>) => void;
  refuse: (problem: ApiProblem) => void;
  /** Fills in what the API has found out; that is no input that could be lost. */
  accept: (found: Partial<ClaimForm>) => void;
  /** Saves what differs. Resolves to the claim, or to the refusal, which `problem` then shows. */
  save: () => Promise<Claim | ApiProblem | null>;
  submit: () => Promise<Claim | ApiProblem | null>;
}

const entityTag = (version: number): string => `"${version}"`;

/** Commands that were only stored answer with their operation; the claim is read again then. */
const claimAfter = async (answer: Claim | AcceptedOperation): Promise<Claim> => ('version' in answer ? answer : readClaim(answer.claimId));

const readClaim = (claimId: string): Promise<Claim> => call(() => claimsGet({ path: { claimId } }));

/** The input of a claim's form, and its saving: the first save creates the draft, the others change it. */
export function useClaimForm(claim: Claim | undefined, initial: ClaimForm): ClaimFormState {
  const client = useQueryClient();
  const [saved, setSaved] = useState(claim);
  const [form, setForm] = useState(initial);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [isSaving, setSaving] = useState(false);
  const creationKey = useRef(newKey());
  const submissionKey = useRef(newKey());
  /** What the guard compares when the person leaves, which may be before the next rendering. */
  const latest = useRef({ form, saved: initial });
  useEffect(() => {
    latest.current = { form, saved: saved === undefined ? initial : formOf(saved) };
  }, [form, saved, initial]);
  const isDirty = useCallback(() => isChanged(latest.current.form, latest.current.saved), []);

  /** Takes over a newer version of the claim: of an upload, another tab or another person. */
  function adopt(fresh: Claim, base: Claim, mine: ClaimForm): Merge {
    const theirs = formOf(fresh);
    const merge = mergeForms(formOf(base), mine, theirs);
    setSaved(fresh);
    setForm(merge.form);
    if (merge.changed.length > 0) setConflict({ ...merge, theirs });
    return merge;
  }

  if (!isSaving && claim !== undefined && saved !== undefined && claim.version > saved.version) adopt(claim, saved, form);

  /** The newest version of the claim that this page has read: an upload may have made one since the last rendering. */
  function newest(): Claim | undefined {
    const read = saved && client.getQueryData<Claim>(['claim', saved.claimId]);
    return read !== undefined && saved !== undefined && read.version > saved.version ? read : saved;
  }

  function keep(fresh: Claim, sent: ClaimForm): void {
    client.setQueryData(['claim', fresh.claimId], fresh);
    void client.invalidateQueries({ queryKey: ['claims'] });
    // What was typed while the request was on its way stays.
    const { form: merged } = mergeForms(sent, latest.current.form, formOf(fresh));
    setSaved(fresh);
    setForm(merged);
    latest.current = { form: merged, saved: formOf(fresh) };
  }

  async function create(): Promise<Claim> {
    const headers = { 'Idempotency-Key': creationKey.current };
    return claimAfter(await call(() => claimsCreate({ headers, body: newClaimOf(form) })));
  }

  async function edit(before: Claim): Promise<Claim | null> {
    if (saved !== undefined && before.version > saved.version && adopt(before, saved, form).changed.length > 0) return null;
    const body = changesOf(form, formOf(before));
    if (Object.keys(body).length === 0) return before;
    const path = { claimId: before.claimId };
    const send = (version: number) => call(() => claimsEdit({ path, headers: { 'If-Match': entityTag(version) }, body }));
    try {
      return await claimAfter(await send(before.version));
    } catch (error) {
      if (!isProblem(error, 'version_conflict')) throw error;
      const fresh = await readClaim(before.claimId);
      // Evidence and comments also make a new version; they are no reason to ask.
      if (adopt(fresh, before, latest.current.form).changed.length === 0) return claimAfter(await send(fresh.version));
      return null;
    }
  }

  async function save(): Promise<Claim | ApiProblem | null> {
    setProblem(null);
    setConflict(null);
    setSaving(true);
    try {
      const before = newest();
      const fresh = before === undefined ? await create() : await edit(before);
      if (fresh !== null) keep(fresh, form);
      return fresh;
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (error.status < 500) creationKey.current = newKey();
      setProblem(error);
      return error;
    } finally {
      setSaving(false);
    }
  }

  async function submit(): Promise<Claim | ApiProblem | null> {
    const claimToSubmit = await save();
    if (claimToSubmit === null || isProblem(claimToSubmit)) return claimToSubmit;
    setSaving(true);
    try {
      const { claimId, version } = claimToSubmit;
      const headers = { 'Idempotency-Key': submissionKey.current, 'If-Match': entityTag(version) };
      const fresh = await claimAfter(await call(() => submissionsSubmit({ path: { claimId }, headers, body: {} })));
      keep(fresh, form);
      return fresh;
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (error.status < 500) submissionKey.current = newKey();
      setProblem(error);
      return error;
    } finally {
      setSaving(false);
    }
  }

  return {
    form,
    saved,
    problem,
    errors: problem?.fieldErrors ?? {},
    conflict,
    isSaving,
    isDirty,
    set: (changes) => setForm((before) => ({ ...before, ...changes })),
    refuse: setProblem,
    accept(found) {
      setProblem(null);
      setForm((before) => ({ ...before, ...found }));
    },
    save,
    submit,
  };
}
