package importer

import "testing"

func TestOrganogram(t *testing.T) {
	head := ",Post Unique Reference,Name,Grade,Job Title,Job/Team Function,Parent Department,Organisation,Unit,Contact Phone,Contact E-mail,Reports to Senior Post,Salary Cost of Reports (£),FTE\n"
	runSheets(t, "organogram", []sheetTest{
		// Two levels of units and a team for each unit. The count in front and what is paid are left out; who is not named is called by the
		// title; the eliminated post is gone and the vacant one is counted.
		{"senior posts", head + "0,P1,Ann,SCS3,Director,Leads,Cabinet,Agency,Board,,ann@example.org,XX,1000,1.0\n1,P2,N/D,SCS1,Deputy,,Cabinet,Agency,Payroll,020 7,,P1,0,0.5\n" +
			"2,P3,Vacant ,SCS1,Head,,Cabinet,Agency,Payroll,,,P1,0,1.0\n3,P4,Eliminated,SCS1,Head,,Cabinet,Agency,Payroll,,,P1,0,1.0\n",
			[]string{"2 unit name=Cabinet", "2 unit name=Agency unit=Cabinet", "2 team name=Board unit=Agency", "2 person id=P1 name=Ann contact=ann@example.org team=Board role=Director FTE:1.0 Grade:SCS3 Job/Team Function:Leads",
				"3 team name=Payroll unit=Agency vacancies:1", "3 person id=P2 name=Deputy contact=020 7 team=Payroll manager=P1 role=Deputy FTE:0.5 Grade:SCS1"},
			[]string{"row 3, column Name: “N/D” is no name, so the post is called by its job title", "row 4, column Name: nobody has this post", "posts that were eliminated (1) were left out",
				"private matters and were left out: “Salary Cost of Reports (£)”"}},
		// One post that two people share, with a boss each; one that names both bosses in one cell; a boss who is not there; and one that reports to itself.
		{"two bosses, a missing one, itself", head + "0,P1,Ann,,Director,,D,O,U,,,P1,,1\n1,P2,Bob,,Lead,,D,O,U,,,P1,,0.5\n2,P2,Cy,,Lead,,D,O,U,,,P3,,0.5\n3,P3,Di,,Lead,,D,O,U,,,P1 / P2,,1\n4,P5,Ed,,Lead,,D,O,U,,,P9,,1\n",
			[]string{"2 unit name=D", "2 unit name=O unit=D", "2 team name=U unit=O", "2 person id=P1 name=Ann team=U role=Director FTE:1",
				"3 person id=P2 name=Bob team=U manager=P1 role=Lead FTE:0.5 second_manager:P3 shares the post with:Cy",
				"5 person id=P3 name=Di team=U manager=P1 role=Lead FTE:1 second_manager:P2", "6 person id=P5 name=Ed team=U manager=P9 role=Lead FTE:1"},
			[]string{"row 4, column Post Unique Reference: the post “P2” stands in row 3 too", "column Reports to Senior Post: bosses who are not in the list (1): “P9”"}},
		// The organisation is called like its only unit: the team keeps the name, the unit gets an id of its own.
		{"a unit of the organisation's name", "Post Unique Reference,Name,Job Title,Parent Department,Organisation,Unit,Reports to Senior Post\nP1,Ann,Head,D,Agency,Agency,\n",
			[]string{"2 unit name=D", "2 unit id=unit-agency name=Agency unit=D", "2 team name=Agency unit=Agency", "2 person id=P1 name=Ann team=Agency role=Head"}, nil},
	})
}

func TestJuniorPosts(t *testing.T) {
	runSheets(t, "junior-posts", []sheetTest{
		// 1.5 + 2 posts in Payroll, 10 in IT; one cell says nothing and one is no number.
		{"junior posts", "Parent Department,Organisation,Unit,Reporting Senior Post,Grade,Generic Job Title,Number of Posts in FTE\nD,O,Payroll,P1,EO,Clerk,1.5\nD,O,Payroll,P2,AO,Clerk,2\nD,O,IT,P1,EO,Engineer,10\n" +
			"D,O,IT,P1,AO,Engineer,N/D\nD,O,IT,P1,AO,Engineer,many\nD,O,,P1,AO,Engineer,1\n",
			[]string{"2 unit name=D", "2 unit name=O unit=D", "2 team name=Payroll unit=O headcount=3.5 grades:AO: 2|EO: 1.5 senior posts:P1|P2", "4 team name=IT unit=O headcount=10 grades:EO: 10 senior posts:P1"},
			[]string{"info sheet.csv, row 5, column Number of Posts in FTE: the row does not say how many", "warning sheet.csv, row 6, column Number of Posts in FTE: “many” is no number of posts",
				"error sheet.csv, row 7, column Unit: the row names no unit", "junior posts only", "were left out: “Generic Job Title”"}},
	})
}
