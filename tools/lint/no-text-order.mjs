import ts from 'typescript';

const orders = new Set(['<', '>', '<=', '>=']);
const sorts = new Set(['sort', 'toSorted', 'localeCompare']);
/** Names of instants and dates; a sort is checked if its list has such a name. */
const timeNames = /(^|\W)(at|since|until|from|to|on|through|day0|months?|[a-z]\w*(At|Since|Until|From|To|On|Through|Date|Day))\b/;

/**
 * Forbids comparing texts with `<` and the like, and sorting instants as texts: the text of an instant does not show its order. Texts that are
 * neither instants nor dates, such as codes and ids, are compared with `compareText`.
 * @type {import('eslint').Rule.RuleModule}
 */
export const noTextOrder = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      compared:
        'This compares texts. Use isBefore or compareInstants (libs/claims) for instants and dates, and compareText for other texts.',
      sorted: 'This sorts instants or dates as texts. Use compareInstants, earliestOf or latestOf (libs/claims).',
    },
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    /** @param {any} node @returns {boolean} */
    const isText = (node) => isTextType(services.getTypeAtLocation(node));
    return {
      BinaryExpression(node) {
        if (orders.has(node.operator) && isText(node.left) && isText(node.right)) context.report({ node, messageId: 'compared' });
      },
      CallExpression(node) {
        const { callee } = node;
        if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || !sorts.has(callee.property.name)) return;
        if (callee.property.name !== 'localeCompare' && node.arguments.length > 0) return;
        if (timeNames.test(context.sourceCode.getText(callee.object))) context.report({ node, messageId: 'sorted' });
      },
    };
  },
};

/** Returns whether a value of the type is always a text, null or undefined. @param {ts.Type} type @returns {boolean} */
function isTextType(type) {
  if (type.isUnion()) {
    const members = type.types.filter((member) => (member.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) === 0);
    return members.length > 0 && members.every(isTextType);
  }
  return (type.flags & ts.TypeFlags.StringLike) !== 0;
}
