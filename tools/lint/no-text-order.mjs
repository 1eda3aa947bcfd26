import ts from 'typescript';

const orders = new Set(['<', '>', '<=', '>=']);
const sorts = new Set(['sort', 'toSorted', 'localeCompare']);
/** What an instant or a date is called; of a sorted list it must stand in the expression. */
const timeNames = /(^|\W)(at|since|until|from|to|on|through|day0|months?|[a-z]\w*(At|Since|Until|From|To|On|Through|Date|Day))\b/;

/**
 * Refuses comparisons of texts by `<` and its like, and sorts of instants by their text: an instant's text says nothing of its order. What is
 * neither instant nor date, such as a code or an id, is compared by `compareText`.
 * @type {import('eslint').Rule.RuleModule}
 */
export const noTextOrder = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      compared: 'Texts are compared. Use isBefore or compareInstants of libs/claims for instants and dates, compareText for the rest.',
      sorted: 'Instants or dates are sorted as text. Use compareInstants, earliestOf or latestOf of libs/claims.',
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

/** Whether a value of the type can only be a text, or nothing. @param {ts.Type} type @returns {boolean} */
function isTextType(type) {
  if (type.isUnion()) {
    const some = type.types.filter((one) => (one.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) === 0);
    return some.length > 0 && some.every(isTextType);
  }
  return (type.flags & ts.TypeFlags.StringLike) !== 0;
}
