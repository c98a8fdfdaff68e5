"""Python runs this at the start of the servers of a campaign, before anything of theirs."""

import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

from faults.inside import clock, defects

if os.environ.get(clock.VARIABLE):
    clock.set_up()
if os.environ.get(defects.VARIABLE):
    defects.plant(os.environ[defects.VARIABLE])
