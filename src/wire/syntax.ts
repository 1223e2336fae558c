import type { ArgumentDoc } from './grammar/piece.ts';

/** The arguments of a command as one writes them for people: `<key> [NX | XX] [COUNT <count>]`. */
export function syntaxOf(docs: readonly ArgumentDoc[]): string {
  return docs.map(oneSyntax).join(' ');
}

function oneSyntax(doc: ArgumentDoc): string {
  const value = valueSyntax(doc);
  const token = doc.token;
  const single = token === undefined ? value : doc.type === 'pure-token' ? token : `${token} ${value}`;
  const again = doc.flags?.includes('multiple_token') ? single : value;
  const whole = doc.flags?.includes('multiple') ? `${single} [${again} ...]` : single;
  return doc.flags?.includes('optional') ? `[${whole}]` : whole;
}

function valueSyntax(doc: ArgumentDoc): string {
  switch (doc.type) {
    case 'oneof': {
      const choices = (doc.arguments ?? []).map(oneSyntax).join(' | ');
      return doc.flags?.includes('optional') && doc.token === undefined ? choices : `<${choices}>`;
    }
    case 'block':
      return syntaxOf(doc.arguments ?? []);
    case 'pure-token':
      return doc.token ?? doc.name;
    default:
      return `<${doc.name}>`;
  }
}
