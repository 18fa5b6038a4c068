"""Questions from other systems and to them. A format knows shapes and no type; nothing outside is ever fetched."""
