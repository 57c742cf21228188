"""`alertd schema`: the JSON Schemas by which editors complete and check what is written."""

import click

from alertd.cli.common import print_data


@click.command(short_help="Print the JSON Schema of rules or of the configuration, for editors.")
@click.argument("what", type=click.Choice(["rules", "config"]), default="rules")
def command(what: str) -> None:
    """Print the JSON Schema of a file of rules, or of the configuration, for editors.

    Keep it beside the files (alertd schema rules > rules.schema.json) and name it in their first
    line:

        # yaml-language-server: $schema=rules.schema.json
    """
    from alertd.config.schema.documents import SCHEMAS

    print_data(SCHEMAS[what]())
