/**
 * What breaks in a serialized closure: after serialization these fail only when the function is called, or freeze a
 * value of deployment time.
 */

/** Runs when the module is loaded, at deployment. A factory's body runs at the cold start, and may do all of it. */
const atModuleLevel = ":not(:function *)";
const frozen = "has its value at deployment, frozen in the closure; make it in the factory or per record.";

export const syntaxTraps = [
  {
    selector: ":matches(ClassDeclaration, ClassExpression)",
    message: "Classes lose fields and messages in a serialized closure.",
  },
  {
    selector: "AssignmentExpression[operator=/^([?]{2}|[|]{2}|&&)=$/]",
    message:
      "Where a program has no TypeScript of its own, Pulumi reads closures with 3.8, which does not know this.",
  },
  { selector: "ThisExpression", message: "`this` is lost in a serialized closure." },
  { selector: ":function[async=true][generator=true]", message: "Async generators do not serialize." },
  { selector: "Property[kind=/^[gs]et$/]", message: "Getters of object literals do not serialize." },
  {
    selector: `NewExpression[callee.name!=/^(RegExp|Date)$/]${atModuleLevel}`,
    message: "Objects of built-in classes at module level do not serialize; make them in the factory.",
  },
  {
    selector: "CallExpression[callee.property.name='apply'][callee.object.type='MemberExpression']",
    message: "An output's apply is not there when the function runs; hand values over by the environment.",
  },
  {
    selector: `VariableDeclarator[id.type=/Pattern$/]${atModuleLevel}`,
    message: "Destructured built-ins at module level do not serialize; do it in the factory.",
  },
  {
    selector: `MemberExpression[object.name='process']${atModuleLevel}`,
    message: `What is read from \`process\` at module level ${frozen}`,
  },
  {
    selector: `:matches(NewExpression, CallExpression)[callee.name='Date']${atModuleLevel}`,
    message: `A date of module level ${frozen}`,
  },
  {
    selector: `MemberExpression[property.name='now']${atModuleLevel}`,
    message: `A time of module level ${frozen}`,
  },
  {
    selector: `:matches(MemberExpression[object.name='Math'][property.name='random'], CallExpression[callee.name=/^random/], CallExpression[callee.property.name=/^random/])${atModuleLevel}`,
    message: `A random value of module level ${frozen}`,
  },
  {
    selector: `VariableDeclaration[kind=/^(let|var)$/]${atModuleLevel}`,
    message: "A variable of module level is frozen in the closure; count in the factory.",
  },
];

const mutators = new Set([
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "reverse",
  "fill",
  "copyWithin",
]);

/** The variable that `a`, `a.b[c].d` or `a!.b` begins with. */
function baseOf(node) {
  let base = node;
  for (;;) {
    if (base.type === "MemberExpression") base = base.object;
    else if (base.type === "TSNonNullExpression" || base.type === "TSAsExpression") base = base.expression;
    else return base.type === "Identifier" ? base : undefined;
  }
}

/** Writes to what lives at module level, such as a counter kept in a constant object. */
const noModuleState = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      write:
        "`{{name}}` lives at module level: the closure has it as it was at deployment. Keep state in the factory.",
    },
  },
  create(context) {
    const check = (node, target) => {
      const base = baseOf(target);
      if (!base) return;
      for (let scope = context.sourceCode.getScope(base); scope; scope = scope.upper) {
        const variable = scope.set.get(base.name);
        if (!variable) continue;
        const ofModule = scope.type === "module" || (scope.type === "global" && variable.defs.length > 0);
        if (ofModule) context.report({ node, messageId: "write", data: { name: base.name } });
        return;
      }
    };
    return {
      AssignmentExpression: (node) => check(node, node.left),
      UpdateExpression: (node) => check(node, node.argument),
      "UnaryExpression[operator='delete']": (node) => check(node, node.argument),
      "CallExpression[callee.type='MemberExpression']": (node) => {
        const { object, property } = node.callee;
        if (property.type === "Identifier" && mutators.has(property.name)) check(node, object);
      },
    };
  },
};

/**
 * A name that is not the factory's own is looked up at each use, through the `with` that the serializer puts around:
 * 0.1 µs, where a local takes none. What runs for each record is two functions deep.
 */
const noSlowName = {
  meta: {
    type: "suggestion",
    schema: [],
    messages: {
      slow: "`{{name}}` is looked up at each use in a serialized closure: make a local of it in the factory (of `undefined` null, or a value that says it).",
    },
  },
  create(context) {
    const depthOf = (node) => {
      let depth = 0;
      for (let at = node.parent; at; at = at.parent) if (/Function/.test(at.type)) depth++;
      return depth;
    };
    const check = ({ identifier, isTypeReference }) => {
      if (
        isTypeReference ||
        identifier.type !== "Identifier" ||
        identifier.parent.type === "TSTypeQuery" ||
        depthOf(identifier) < 2
      )
        return;
      context.report({ node: identifier, messageId: "slow", data: { name: identifier.name } });
    };
    return {
      "Program:exit": () => {
        const { globalScope } = context.sourceCode.scopeManager;
        globalScope.through.forEach(check);
        for (const scope of [globalScope, ...globalScope.childScopes.filter(({ type }) => type === "module")])
          for (const { references } of scope.variables) references.forEach(check);
      },
    };
  },
};

export const closureTraps = { rules: { "no-module-state": noModuleState, "no-slow-name": noSlowName } };
