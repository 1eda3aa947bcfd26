import { type Html, html } from '#libs/html/index.js';
import { samplePeople, type SamplePerson } from '#libs/sample-data/index.js';
import { type Answer, render } from './page.js';
import { type Language, texts } from './texts.js';

const sides = ['partner', 'vendor', 'customer'] as const;

/** Lists the sample people, each with a button that signs in. */
export function renderSignIn(answer: Answer, language: Language, { token }: { token: string }): void {
  const words = texts[language];
  render(answer, {
    language,
    title: words.signInAs,
    isSwitchable: true,
    body: html`<p>${words.signInHint}</p>
<form method="post">
<input type="hidden" name="token" value="${token}">
${sides.map((side) => sideOf(side, language))}
<p class="actions"><button class="second" name="cancel" value="yes">${words.cancel}</button></p>
</form>`,
  });
}

function sideOf(side: SamplePerson['side'], language: Language): Html {
  const people = samplePeople.filter((person) => person.side === side);
  return html`<section aria-labelledby="side-${side}">
<h2 id="side-${side}">${texts[language].sides[side]}</h2>
<ul class="people">
${people.map((person) => cardOf(person, language))}
</ul>
</section>
`;
}

/** The text of a name or a company is in the person's language, whatever the page's. */
function cardOf({ subject, name, side, organisation, what, tryFirst, language: own }: SamplePerson, language: Language): Html {
  const company = side !== 'vendor' && html`<span class="company" lang="${own}">${organisation}</span>`;
  return html`<li>
<button name="person" value="${subject}" aria-describedby="about-${subject}" lang="${own}">${name}</button>
<div id="about-${subject}">
${company}
<p class="what">${what[language]}</p>
<p class="try">${tryFirst[language]}</p>
</div>
</li>
`;
}
