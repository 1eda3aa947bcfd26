import { group } from './definition.js';

/** What validation can find on a claim (domain.md 6). A submission reports all findings at once under `claim_refused`. */
export const validationProblems = {
  ...group(
    { status: 409, kind: 'refusal', severity: 'error' },
    {
      tenant_id_invalid: {
        title: 'Tenant ID is not a GUID',
        cause: 'A tenant (directory) ID has 32 hexadecimal digits in the groups 8-4-4-4-12.',
        remedy: "Copy the tenant ID from the customer's directory overview; it is not the domain and not a subscription ID.",
      },
      domain_invalid: {
        title: 'Domain is malformed',
        cause: 'A domain is a host name with at least one dot, at most 253 characters, no scheme, path or trailing dot.',
        remedy: "Send the customer's domain alone, such as contoso.example.",
      },
      partner_id_invalid: {
        title: 'PartnerID is malformed or not a location',
        cause: 'A PartnerID has 4 to 10 digits, is sent as text, and must belong to a location, not to a global account.',
        remedy: 'Send the PartnerID of the location that serves the customer, leading zeros included.',
      },
      claim_refused: {
        title: 'The claim breaks several rules',
        cause: 'The rules were checked to their end, and each that failed is listed in "errors" with its field, code, message and line.',
        remedy: 'Correct all listed errors and send the request again under a new Idempotency-Key; the claim stays as it was.',
      },
      programme_unknown: {
        title: 'No such programme',
        cause: 'No programme with this name has a policy in force.',
        remedy: 'Use one of the names that GET /v1/programmes lists.',
      },
      area_unknown: {
        title: 'No such solution area',
        cause: 'The programme has no solution area with this code.',
        remedy: 'Use one of the areas that the programme lists.',
      },
      product_unknown: {
        title: 'Not a product that can be claimed',
        cause: 'The catalogue has no active product with this code in the solution area of the claim.',
        remedy: 'Use a product code that the programme lists for the area.',
      },
      signature_date_required: {
        title: 'Signature date is missing',
        cause: 'None of the evidence says on which date the customer signed it.',
        remedy: 'Upload the evidence again with the date of the signature as signedOn.',
      },
      tenant_unknown: {
        title: 'Tenant not in the directory',
        cause: 'The tenant ID is well formed, but the customer directory does not know it.',
        remedy: 'Ask the customer for its tenant ID and compare it digit by digit. A tenant made today may take a day to appear.',
      },
      directory_record_unusable: {
        title: "The directory's record cannot be used",
        cause:
          'The customer directory has a record of this location, tenant or subscription, but it breaks the contract: the message names the field. Nothing was decided on it.',
        remedy: 'Tell the vendor which record and field it is. When it is mended, send the request again under a new Idempotency-Key.',
      },
      tenant_domain_mismatch: {
        title: 'Domain is not of this tenant',
        cause: 'The domain is not among the verified domains of the tenant.',
        remedy: 'Ask the customer which domain belongs to this tenant, or whether the claim names the wrong tenant.',
      },
      product_not_on_tenant: {
        title: 'The tenant lacks the product',
        cause: 'The tenant does not have the claimed workload or product.',
        remedy: 'Remove the line, or let the customer provision the product first.',
      },
      subscription_other_tenant: {
        title: 'Subscription of another tenant',
        cause: 'The subscription exists but does not belong to the tenant of the claim.',
        remedy: 'Correct the tenant ID or the subscription ID so that both belong together.',
      },
      not_a_subscription_id: {
        title: 'Not a subscription ID',
        cause: 'The identifier is malformed or of another kind, such as a tenant ID or an order ID, or no subscription has it.',
        remedy: 'Copy the subscription ID, a GUID, from the subscription itself and not from the order or the directory.',
      },
      subscription_wrong_family: {
        title: 'Subscription does not fit the claimed product',
        cause:
          'A line names the subscription of the very product that it claims. This one is for another product, or of another family than the programme expects; a workload is claimed on the tenant and names none.',
        remedy:
          'Name a subscription of the claimed product, claim the product that the subscription is for, or, for a workload, leave the subscription out.',
      },
      subscription_csp: {
        title: 'Subscription bought through CSP',
        cause: 'Subscriptions bought through the reseller programme (CSP) credit their partner there and cannot be claimed.',
        remedy: 'Remove the line; the CSP programme recognises this partner without a claim.',
      },
      subscription_not_provisioned: {
        title: 'Subscription not activated yet',
        cause: 'The customer has not activated the subscription, or did so within the last 7 days and it is not visible yet.',
        remedy: 'Ask the customer to activate it, allow up to 7 days, then submit again. After 7 days contact vendor support.',
      },
      subscription_state: {
        title: 'Subscription is neither active nor in grace',
        cause: 'The subscription is suspended or expired.',
        remedy: 'Claim the subscription that replaced it, or wait until the customer has renewed.',
      },
      duplicate_own: {
        title: 'Your company already has this target',
        cause:
          'A claim of the same global account for this target and activity is open (from its submission to its outcome, held and disputed ones too), or its association is live.',
        remedy:
          'Look for it among the claims of all your locations. Withdraw the open claim, or wait for its outcome; move a live association to another location by a transfer.',
      },
      customer_refused_target: {
        title: 'The customer has refused your company here',
        cause:
          'Since it was told of this claim or association, the customer has refused the same company this target by another of its claims. A refusal binds all of them.',
        remedy: 'Make a new claim after the cool-down: the customer is told anew. A reviewer who meets this rejects the line.',
      },
      channel_not_allowed: {
        title: 'Purchase channel not eligible',
        cause: 'Business Applications targets must be bought by Volume Licensing or Web Direct.',
        remedy: 'Remove the line, or name a subscription bought through an eligible channel.',
      },
      activity_not_in_area: {
        title: 'Activity not offered for the solution area',
        cause: 'The catalogue does not offer this activity for the solution area of the claim.',
        remedy: 'Choose an activity that the catalogue lists for the area, or correct the area.',
      },
      activity_combination: {
        title: 'Activities do not go together',
        cause: 'The catalogue does not declare these activities compatible on one line; revenue association always stands alone.',
        remedy: 'Put the activities on separate claims.',
      },
      location_not_enrolled: {
        title: 'Location not enrolled',
        cause: 'The location is not enrolled in the programme of this activity.',
        remedy: 'Choose one of the enrolled locations named in the message, or complete the enrolment of this one.',
      },
      not_own_location: {
        title: 'Not one of your locations',
        cause: 'No location within the scope of your token has this PartnerID.',
        remedy: 'Use one of your own PartnerIDs, or ask your account administrator to widen your location scope.',
      },
      agreement_inactive: {
        title: 'No active agreement',
        cause: 'The partner has no active programme agreement.',
        remedy: 'Let your account administrator accept the current agreement, then submit again.',
      },
      profile_incomplete: {
        title: 'Payout or tax profile missing',
        cause: 'The payout or tax profile of the location is not validated.',
        remedy: 'Complete both profiles in the enrolment of the location, then submit again.',
      },
      claim_name_required: {
        title: 'Claim name is missing',
        cause: 'A claim needs a name, your own label for it.',
        remedy: 'Give the claim any name by which you will find it again.',
      },
      acknowledgement_required: {
        title: 'Acknowledgements not accepted',
        cause: 'The current version of the acknowledgement texts was not accepted.',
        remedy: 'Show the current texts to the person who submits, and send the accepted version.',
      },
      contact_incomplete: {
        title: 'Contact is incomplete',
        cause: 'Name, title and e-mail of the customer contact and name and e-mail of the partner contact are all needed.',
        remedy: 'Fill in the field that is named; the customer contact receives the notice.',
      },
      technical_contact_required: {
        title: 'Technical contact is missing',
        cause: 'The policy demands a technical contact for Dynamics 365.',
        remedy: "Send name, title and e-mail of the customer's technical contact.",
      },
      subscription_required: {
        title: 'Which subscription?',
        cause: 'The tenant has no eligible subscription of this product, or several, so that none can be filled in automatically.',
        remedy: 'Name the subscription ID on the line.',
      },
      revenue_fields_required: {
        title: 'Revenue fields are missing',
        cause: 'Revenue association needs the solution seller name, the customer name and the ISV product or solution name.',
        remedy: 'Fill in all three, or choose another activity.',
      },
      products_required: {
        title: 'No product chosen',
        cause: 'A claim needs at least one workload or product.',
        remedy: 'Add at least one line.',
      },
      too_many_products: {
        title: 'Too many products',
        cause: 'The claim has more lines than the policy allows.',
        remedy: 'Split it into several claims.',
      },
      evidence_missing: {
        title: 'No evidence',
        cause: 'A claim needs at least one evidence file, for every activity.',
        remedy: 'Upload the proof of execution that the customer signed, with its signature date, and submit again.',
      },
      evidence_template_required: {
        title: 'Not a statement of work of the programme',
        cause: 'The programme takes only its own standard statements of work, and no cover form names one of them.',
        remedy: 'Have the customer sign a template of the programme and state its SHA-256 in the cover form ("templateSha256").',
      },
      evidence_stale: {
        title: 'Signature is too old',
        cause: "The customer's signature is older at submission than the programme allows (12 months by default).",
        remedy: 'Have the customer sign again and upload the new document.',
      },
      evidence_signed_in_future: {
        title: 'Signature is dated in the future',
        cause: "The date of the customer's signature has not come anywhere on Earth yet.",
        remedy:
          'Correct signedOn, which is often day and month in the wrong order; if the document itself is dated ahead, have the customer sign again.',
      },
      evidence_infected: {
        title: 'The file did not pass the malware scan',
        cause: 'The scanner found malware in the file; it was not kept.',
        remedy: 'Clean or re-create the document and upload it again.',
      },
      late_claim: {
        title: 'Claimed too late',
        cause: 'The programme takes claims only within so many calendar days after the transaction; the message says how many.',
        remedy: 'Check the transaction date. If it is right, this transaction can no longer be claimed.',
      },
      claim_cooldown: {
        title: 'The customer refused recently',
        cause:
          'After a refusal by the customer, the same partner cannot claim the same target for a time that the programme sets (30 calendar days by default).',
        remedy: 'Talk to the customer and claim again after the date in the message.',
      },
      partner_blocked: {
        title: 'The customer blocked this partner',
        cause: 'When refusing, the customer asked to get no more claims from this partner.',
        remedy: 'Ask the customer to lift the block; neither you nor a reviewer can.',
      },
    },
  ),
  ...group(
    { status: 409, kind: 'refusal', severity: 'warning' },
    {
      subscription_already_claimed: {
        title: 'Another partner holds the subscription',
        cause: 'An association of another partner is live for this subscription. It is a warning: the claim goes to arbitration.',
        remedy: 'Attach your newest evidence signed by the customer; it counts most. Expect a longer review.',
      },
      workload_already_claimed: {
        title: 'Another partner holds the workload',
        cause: 'An association of another partner is live for this workload. It is a warning: the claim goes to arbitration.',
        remedy: 'Attach your newest evidence signed by the customer; it counts most. Expect a longer review.',
      },
      directory_record_faulty: {
        title: "The directory's record has a fault",
        cause: 'A name, a language, an address or an item of a list could not be read; it was set right or left out. It is a warning.',
        remedy: 'Tell the vendor. An administrator without a usable address gets no notices until the record is mended.',
      },
      location_wrong_type: {
        title: 'Unusual type of location',
        cause: 'The PartnerID is of a type that does not usually claim, such as a FastTrack Ready Partner. It is a warning.',
        remedy: 'Check that this is the location that serves the customer; if so, go on.',
      },
    },
  ),
  ...group(
    { status: 409, kind: 'refusal', severity: 'hold' },
    {
      contact_domain_mismatch: {
        title: "The contact's mail is not of the customer",
        cause: "The contact's mail domain is not a verified domain of the tenant, so a reviewer looks at it before any notice is sent.",
        remedy: "Name a contact with an address in one of the customer's own domains, or explain in a comment.",
      },
      evidence_mismatch: {
        title: 'Evidence and claim differ',
        cause: 'Customer name, domain or tenant on the evidence differ from the claim, so a reviewer looks at it.',
        remedy: 'Correct the cover form or the claim, or upload the right document.',
      },
    },
  ),
  ...group(
    { status: 415, kind: 'refusal', severity: 'error' },
    {
      evidence_type: {
        title: 'File type not accepted',
        cause: 'By its content, not its name, the file is none of pdf, docx, xlsx, pptx, png, jpeg, csv, or a reviewer could not open it.',
        remedy: 'Print it to PDF without a password, and upload that. SVG and archives are never accepted.',
      },
    },
  ),
  ...group(
    { status: 413, kind: 'refusal', severity: 'error' },
    {
      evidence_too_large: {
        title: 'File is too large',
        cause: 'The file exceeds the size limit for evidence.',
        remedy: 'Compress or split the document and upload again.',
      },
    },
  ),
};
