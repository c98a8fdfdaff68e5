"""Everything that can be run by its name: each scenario, and the proof that they notice what is wrong."""

from faults import proof
from faults.scenarios import SCENARIOS, Scenario

CAMPAIGNS = {
    **SCENARIOS,
    "defects": Scenario("servers with a defect each, which the scenarios above must notice", proof.run, short=False),
}
