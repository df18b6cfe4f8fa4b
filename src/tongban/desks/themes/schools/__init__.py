"""Enrolment by one code per school: schools and their seats, who applied where, photos checked afterwards."""
